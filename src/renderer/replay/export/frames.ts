// Maps beside each other on one canvas, with their titles: what filmstrips and videos are made of.
import type { MapColours } from '../map/colours.ts'
import { createMapPainter } from '../map/painter.ts'
import type { MapPicture } from '../map/picture.ts'
import { reachOfAll, type Panel } from '../panels.ts'

const TITLE = 20
const GAP = 8

export interface FramePainter {
  /** Of a frame, pixels. */
  readonly width: number
  readonly height: number
  /** Draws all maps at `time`, their upper left corner at (x, y). */
  draw(context: CanvasRenderingContext2D, x: number, y: number, time: number): void
}

/** @param size of a map, pixels */
export function createFramePainter(
  panels: readonly Panel[],
  columns: number,
  size: number,
  colours: MapColours,
  lidar: boolean,
): FramePainter {
  const reach = reachOfAll(panels.flatMap((panel) => panel.actors))
  const maps = panels.map(({ title, actors }) => {
    const canvas = document.createElement('canvas')
    const painter = createMapPainter(canvas)
    painter.resize(size, 1)
    const picture: MapPicture = { actors, reach, lidar, whole: false, colours }
    return { title, canvas, draw: (time: number) => painter.draw(picture, time) }
  })
  const used = Math.min(columns, panels.length)
  return {
    width: used * (size + GAP) + GAP,
    height: Math.ceil(panels.length / used) * (size + TITLE + GAP) + GAP,
    draw(context, x, y, time) {
      context.font = `12px ${colours.font}`
      context.textAlign = 'center'
      context.textBaseline = 'middle'
      maps.forEach((map, i) => {
        const left = x + GAP + (i % used) * (size + GAP)
        const top = y + GAP + Math.floor(i / used) * (size + TITLE + GAP)
        map.draw(time)
        context.fillStyle = colours.ink
        context.fillText(map.title, left + size / 2, top + TITLE / 2, size)
        context.drawImage(map.canvas, left, top + TITLE)
        context.strokeStyle = colours.line
        context.strokeRect(left + 0.5, top + TITLE + 0.5, size - 1, size - 1)
      })
    },
  }
}

/** `count` times from the start to the end, whole steps. */
export const frameTimes = (end: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => Math.round((i / Math.max(1, count - 1)) * end))
