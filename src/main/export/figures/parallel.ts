/** Parallel coordinates: runs as lines through their settings to a result, coloured by its rank. */
import { cssColour, sequential } from '../../../core/study/colour-map.ts'
import type { ParallelPanel } from '../../../core/study/figure-data.ts'
import type { SettingAxis } from '../../../core/study/training-comparison/groups.ts'
import type { Box, PanelDrawing } from './panel.ts'
import { categoryScale, exactScale, logarithmicScale, ticksOf } from './scale.ts'
import type { Scale } from './scale.ts'
import { FRAME, GREY, type } from './style.ts'
import { drawText, escapeXml, fixed, shortenText } from './text.ts'

const HEIGHT = 190
/** Room for the names, which neighbouring axes have at two heights, and below for the last tick. */
const [TOP, NAME_LINE, BOTTOM] = [36, 14, 10]
/** Room for half of the first name and for the ticks of the last axis. */
const [LEFT, RIGHT] = [44, 60]
/** The lightest colours cannot be seen on paper. */
const DARKEST_TO_LIGHTEST = 0.8

export function drawParallel({ axes, names }: ParallelPanel, { width }: Box): PanelDrawing {
  const height = TOP + HEIGHT + BOTTOM
  const result = axes.at(-1)
  const order = result === undefined ? [] : rankOrder(result)
  if (axes.length < 2 || order.length === 0)
    return {
      body: drawText('no data', width / 2, height / 2, { ...type.axis, colour: GREY, anchor: 'middle' }),
      height,
    }
  const apart = (width - LEFT - RIGHT) / (axes.length - 1)
  const scales = axes.map(scaleOf)
  const xOf = (axis: number) => LEFT + axis * apart
  const yOf = (axis: number, run: number): number | null => {
    const [scale, value] = [scales[axis]!, axes[axis]!.values[run] ?? null]
    const place = value === null ? null : scale.place(value)
    return place === null ? null : TOP + HEIGHT * (1 - (place - scale.min) / (scale.max - scale.min))
  }
  const lines = order.map((run, rank) => {
    const colour = cssColour(sequential((DARKEST_TO_LIGHTEST * rank) / Math.max(1, order.length - 1)))
    const d = pathOf(axes.map((_, axis) => [xOf(axis), yOf(axis, run)]))
    const name = `<title>${escapeXml(names[run]!)}</title>`
    return `<path d="${d}" fill="none" stroke="${colour}" stroke-width="1.3" stroke-opacity="0.85">${name}</path>`
  })
  const body = [...lines, ...axes.map((axis, i) => drawAxis(axis, scales[i]!, xOf(i), i, apart))]
  return { body: body.join('\n'), height }
}

/** Runs with a result, from the lowest to the highest. */
const rankOrder = ({ values }: SettingAxis): number[] =>
  values
    .flatMap((value, run) => (value === null ? [] : [{ value, run }]))
    .sort((a, b) => a.value - b.value)
    .map(({ run }) => run)

function scaleOf(axis: SettingAxis): Scale {
  if (axis.kind === 'category') return categoryScale(axis.categories)
  const present = axis.values.filter((value) => value !== null)
  return axis.kind === 'logarithmic' ? logarithmicScale(present, 5) : exactScale(present, 5)
}

/** A run that does not read a setting has a gap there. */
function pathOf(places: readonly (readonly [number, number | null])[]): string {
  let isOpen = false
  return places
    .map(([x, y]) => {
      if (y === null) {
        isOpen = false
        return ''
      }
      const command = isOpen ? 'L' : 'M'
      isOpen = true
      return `${command}${fixed(x)} ${fixed(y)}`
    })
    .join('')
}

/** @param apart neighbouring axes, pixels */
function drawAxis({ path }: SettingAxis, scale: Scale, x: number, axis: number, apart: number): string {
  const bottom = TOP + HEIGHT
  const line = `<path d="M${fixed(x)} ${TOP}V${bottom}" stroke="${FRAME}" stroke-width="0.8"/>`
  const ticks = ticksOf(scale).flatMap((tick) => {
    const y = bottom - (HEIGHT * (tick - scale.min)) / (scale.max - scale.min)
    const mark = `<path d="M${fixed(x)} ${fixed(y)}h3" stroke="${FRAME}" stroke-width="0.8"/>`
    const label = drawText(shortenText(scale.format(tick), apart - 8, type.tick), x + 5, y + 3.5, type.tick)
    // A rim of paper keeps it legible where lines pass behind it.
    return [mark, `<g stroke="#ffffff" stroke-width="2.5" paint-order="stroke">${label}</g>`]
  })
  // The last parts of a path, because several end with `mode`.
  const name = shortenText(path.split('.').slice(-2).join('.'), 2 * apart - 8, type.tick)
  const height = axis % 2 === 0 ? TOP - 6 : TOP - 6 - NAME_LINE
  return [line, ...ticks, drawText(name, x, height, { ...type.tick, anchor: 'middle' })].join('\n')
}
