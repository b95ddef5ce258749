import { STEP_SECONDS } from '../../../core/episode/clock.ts'
import { formatFixed } from '../../format/numbers.ts'
import type { MapColours } from '../map/colours.ts'
import type { Panel } from '../panels.ts'
import { createFramePainter, frameTimes } from './frames.ts'

/** Of a map, pixels of the file. */
const MAP = 360
/** Smaller where the strip would get larger than canvases can be. */
const LARGEST = 16_000
const TIME_LINE = 22

/** Frames at equal distances from the start to the end: a column for each, a row for each map. */
export async function filmstrip(
  panels: readonly Panel[],
  end: number,
  count: number,
  colours: MapColours,
): Promise<Blob> {
  const size = Math.min(MAP, Math.floor(LARGEST / Math.max(count, panels.length)) - 40)
  const painter = createFramePainter(panels, 1, size, colours, false)
  const canvas = document.createElement('canvas')
  canvas.width = painter.width * count
  canvas.height = painter.height + TIME_LINE
  const context = canvas.getContext('2d')!
  context.fillStyle = colours.paper
  context.fillRect(0, 0, canvas.width, canvas.height)
  frameTimes(end, count).forEach((time, i) => {
    painter.draw(context, i * painter.width, 0, time)
    context.fillStyle = colours.soft
    const words = `step ${time}, ${formatFixed(time * STEP_SECONDS, 2)} s`
    context.fillText(words, (i + 0.5) * painter.width, painter.height + TIME_LINE / 2)
  })
  return new Promise((resolve, reject) => {
    canvas.toBlob(
      (blob) => (blob === null ? reject(new Error('The picture could not be encoded.')) : resolve(blob)),
      'image/png',
    )
  })
}
