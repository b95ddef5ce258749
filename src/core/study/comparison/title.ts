/** What a comparison is called: what it is about, and of how much. */
import { counted } from '../figures/caption.ts'
import type { Cube } from './cube.ts'
import { completePart, type ComparedPart } from './part.ts'

/** Of what is shown: `figure-4, small: 4 initialisations x 117 tasks x 3 seeds`; a name that people gave stays. */
export const titleOf = (
  data: Cube & { readonly title: string; readonly subject: string | null },
  part: ComparedPart,
) => (data.subject === null ? data.title : `${data.subject}: ${sizesOf(part)}`)

/** Of all there is where nothing can be compared yet. */
export function sizesOf({ cube, initialisations, tasks, replicates }: ComparedPart): string {
  const part = initialisations.length > 0 ? { initialisations, tasks, replicates } : cube
  const sizes = [
    counted(part.initialisations.length, 'initialisation'),
    counted(part.tasks.length, 'task'),
    counted(part.replicates.length, 'seed'),
  ]
  return sizes.join(' x ')
}

export const wholeTitle = (subject: string, cube: Cube): string => `${subject}: ${sizesOf(completePart(cube))}`
