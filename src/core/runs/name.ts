import { isPrintable } from '../text/printable.ts'

const LONGEST = 80
/** On the command line this means the newest run. */
const RESERVED = 'latest'

/** What is wrong with a text as the name of a run, in words; null where nothing is. Spaces around it do not count. */
export function nameProblem(text: string): string | null {
  const name = text.trim()
  if (name === '') return 'a run needs a name'
  if (name.length > LONGEST) return `the name of a run has at most ${LONGEST} characters, this one has ${name.length}`
  if (!isPrintable(name)) return 'the name of a run has characters that cannot be shown'
  if (name === RESERVED) return `a run cannot be named "${RESERVED}": that means the newest run`
  return null
}
