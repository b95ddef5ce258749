// The tasks that are shown, as files: a sheet of maps, and a table of their figures.
import { formatVariant } from '../../core/env/world-variant.ts'
import { client } from '../api/client.ts'
import { csvFile } from '../format/csv.ts'
import { saveFile } from '../format/files.ts'
import { FIGURE_IDS, FIGURES } from './figures.ts'
import type { ShownTask } from './lay-tasks.ts'
import { stepName } from './results.ts'
import type { Gallery } from './use-gallery.ts'

/** More maps than this are no picture any more. */
export const MOST_MAPS = 1000

export async function saveSheet(gallery: Gallery, tasks: readonly ShownTask[], format: 'svg' | 'png'): Promise<void> {
  // On white paper, whatever the theme of the screen is.
  const colouring = gallery.colours(false)
  const { name, type, bytes } = await client.tasks.sheet({
    variant: formatVariant(gallery.address.value.world),
    format,
    title: `Tasks of ${gallery.world.value.title}`,
    caption: captionOf(gallery, tasks),
    tasks: tasks.slice(0, MOST_MAPS).map(({ task: { seed }, values }) => {
      const value = colouring === null ? NaN : values[colouring.figure]
      const colour = colouring?.colourOf(value) ?? null
      if (colouring === null || colour === null) return { seed }
      return { seed, mark: { colour, text: FIGURES[colouring.figure].format(value) } }
    }),
  })
  saveFile(name, new Blob([bytes as Uint8Array<ArrayBuffer>], { type }))
}

function captionOf(gallery: Gallery, tasks: readonly ShownTask[]): string {
  const { from, to, arcDegrees, filter } = gallery.address.value
  const sentences = [
    `${gallery.world.value.title}, N = ${tasks.length}: tasks of the seeds ${from} to ${to} whose first goal lies within an arc of ${arcDegrees} degrees about the robot's heading.`,
  ]
  if (filter !== '') sentences.push(`Chosen by ${filter}.`)
  if (tasks.length > MOST_MAPS) sentences.push(`Only the first ${MOST_MAPS} are drawn.`)
  const figure = gallery.colour.value
  if (figure !== null) sentences.push(`Frames: ${FIGURES[figure].label.toLowerCase()}${sourceOf(gallery)}.`)
  return sentences.join(' ')
}

/** Of which results the values are. */
function sourceOf({ colour, results, chosen }: Gallery): string {
  const figure = colour.value
  const of = results.value
  if (of === undefined || chosen.value === null || figure === null) return ''
  if (!(figure === 'cost' || figure === 'return' || figure === 'feasible')) return ''
  const { initialisation, step } = chosen.value
  const limit =
    figure === 'cost' && of.costLimit !== null ? `; blue within the limit d = ${of.costLimit}, red above` : ''
  return ` of ${of.labels[initialisation] ?? ''} ${stepName(of.steps[step] ?? 0)}${limit}. ${of.meaning.replace(/\.$/, '')}`
}

export function saveTable(gallery: Gallery, tasks: readonly ShownTask[]): void {
  const rows = tasks.map(({ values }) => FIGURE_IDS.map((figure) => values[figure]))
  const text = rows.map((row) => row.map((value) => (Number.isFinite(value) ? value : '')))
  saveFile(`tasks-${gallery.world.value.name.replaceAll(/[+=]/g, '-')}.csv`, csvFile([[...FIGURE_IDS], ...text]))
}
