/** A tag is one word of the filter language (query.ts): no blanks, commas, colons, quotes or comparison signs. */
const TAG = /^[^\s,:<>="]+$/
const LONGEST = 40

/** What is wrong with a text as a tag, in words; null where nothing is. */
export function tagProblem(text: string): string | null {
  if (text === '') return 'a tag cannot be empty'
  if (text.length > LONGEST) return `a tag has at most ${LONGEST} characters, this one has ${text.length}`
  if (!TAG.test(text)) return 'a tag has no blanks, commas, colons, quotes or comparison signs'
  return null
}
