/** Tasks from above: robot start and heading, goal, hazards, vases, and where robots went. */
import type { LayoutsPanel, Path, PathsPanel } from '../../../core/study/figure-data.ts'
import type { Layout, Point, Pose } from '../../../core/env/layout.ts'
import { robotOutline, vaseCorners } from '../../../core/env/task-map.ts'
import type { World } from '../../../core/env/world.ts'
import type { Box, PanelDrawing } from './panel.ts'
import { drawMarker } from './marker.ts'
import { painted, paintOf } from './paint.ts'
import type { Paint } from './paint.ts'
import { FRAME, GREY, mapColours, type } from './style.ts'
import type { StyleOf } from './style.ts'
import { drawText, fixed } from './text.ts'

/** A square cut out of the floor, and the square of the page that shows it. */
interface View {
  /** Half the width of the floor, metres. */
  readonly reach: number
  readonly left: number
  readonly top: number
  /** Pixels. */
  readonly size: number
}

const LARGEST_PATHS_MAP = 320
const LARGEST_LAYOUT_MAP = 200
/** Rows of maps are no higher than this together, so that the figure fits a page. */
const TALLEST_GRID = 740
const GRID_GAP = 6
const SEED_LINE = 12

export function drawPaths(panel: PathsPanel, { width }: Box, styleOf: StyleOf): PanelDrawing {
  const size = Math.min(width, LARGEST_PATHS_MAP)
  let reach = panel.world.extent
  for (const path of panel.paths)
    for (const { x, y } of pointsOf(path)) reach = Math.max(reach, Math.abs(x), Math.abs(y))
  const view = { reach: reach * 1.04, left: (width - size) / 2, top: 2, size }
  const body = [
    floor(view),
    objects(panel.world, panel.layout, view),
    ...panel.paths.map((path) => trajectory(path, view, styleOf(path).colour)),
    ...panel.paths.map((path) => costSteps(path, view)),
    ...panel.paths.map((path) => end(path, view, styleOf)),
    robot(panel.layout.robot, view),
    metre(view),
  ]
  return { body: body.join('\n'), height: size + 22 }
}

export function drawLayouts({ world, tasks }: LayoutsPanel, { width }: Box): PanelDrawing {
  if (tasks.length === 0)
    return { body: drawText('no tasks', width / 2, 16, { ...type.axis, colour: GREY, anchor: 'middle' }), height: 24 }
  const { columns, size } = gridOf(tasks.length, width)
  const rows = Math.ceil(tasks.length / columns)
  const used = columns * (size + GRID_GAP) - GRID_GAP
  const maps = tasks.map(({ seed, layout, mark }, i) => {
    const left = (width - used) / 2 + (i % columns) * (size + GRID_GAP)
    const top = Math.floor(i / columns) * (size + SEED_LINE + GRID_GAP / 2)
    const view = { reach: world.extent, left, top: top + SEED_LINE, size }
    const name = size > 80 ? `seed ${seed}` : String(seed)
    return [
      drawText(mark && size > 40 ? `${name}: ${mark.text}` : name, left + size / 2, top + 9, {
        ...type.seed,
        anchor: 'middle',
      }),
      floor(view, mark?.colour),
      objects(world, layout, view),
      robot(layout.robot, view),
    ].join('\n')
  })
  const height = rows * (size + SEED_LINE + GRID_GAP / 2)
  const bar = metre({ reach: world.extent, left: (width - used) / 2 + used - size, top: height - size, size })
  return { body: [...maps, bar].join('\n'), height: height + 18 }
}

/** The largest maps whose rows fit a page. */
function gridOf(count: number, width: number): { columns: number; size: number } {
  for (let columns = Math.min(count, 4); ; columns++) {
    const size = Math.min(LARGEST_LAYOUT_MAP, (width - (columns - 1) * GRID_GAP) / columns)
    const rows = Math.ceil(count / columns)
    if (rows * (size + SEED_LINE + GRID_GAP / 2) <= TALLEST_GRID || size < 24) return { columns, size }
  }
}

const scaleOf = ({ size, reach }: View) => size / (2 * reach)

/** y is upwards on the floor and downwards on the page. */
function onPage({ x, y }: Point, view: View): string {
  const { left, top, size } = view
  return `${fixed(left + size / 2 + x * scaleOf(view))} ${fixed(top + size / 2 - y * scaleOf(view))}`
}

/** A coloured frame is as wide as its colour needs to be seen, and lies within the map. */
function floor({ left, top, size }: View, mark?: string): string {
  const width = mark === undefined ? 0.8 : Math.max(2, size / 40)
  const inset = mark === undefined ? 0 : width / 2
  const [x, y, side] = [left + inset, top + inset, size - 2 * inset].map(fixed)
  return `<rect x="${x}" y="${y}" width="${side}" height="${side}" fill="${mapColours.floor}" stroke="${mark ?? FRAME}" stroke-width="${fixed(width)}"/>`
}

/** The goal, then hazards and vases, which `Layout` has in the order of the world's sets. */
function objects(world: World, layout: Layout, view: View): string {
  const hazards = [...layout.hazards]
  const vases = [...layout.vases]
  return [
    discs([layout.goal], world.goal.radius, mapColours.goal, view),
    ...world.objects.map((set) =>
      set.kind === 'hazard'
        ? discs(hazards.splice(0, set.count), set.radius, paintOf(set), view)
        : boxes(vases.splice(0, set.count), paintOf(set), view),
    ),
  ].join('\n')
}

function discs(centres: readonly Point[], radius: number, paint: Paint, view: View): string {
  const r = fixed(radius * scaleOf(view))
  const circles = centres.map((centre) => {
    const [x, y] = onPage(centre, view).split(' ')
    return `<circle cx="${x}" cy="${y}" r="${r}"/>`
  })
  return circles.length === 0 ? '' : `<g ${painted(paint)}>${circles.join('')}</g>`
}

function boxes(vases: readonly Pose[], paint: Paint, view: View): string {
  const outlines = vases.map((vase) => {
    const corners = vaseCorners(vase).map((corner) => onPage(corner, view))
    return `M${corners.join('L')}Z`
  })
  return outlines.length === 0 ? '' : `<path d="${outlines.join('')}" ${painted(paint)}/>`
}

/** An arrowhead about the robot's centre, as long as the robot with its arrow, yet never too small to be seen. */
function robot(pose: Pose, view: View): string {
  const size = Math.max(0.15, 4.2 / scaleOf(view))
  const corners = robotOutline(pose, size).map((corner) => onPage(corner, view))
  return `<path d="M${corners.join('L')}Z" fill="${mapColours.robot}"/>`
}

function pointsOf({ x, y }: Path): (Point & { readonly step: number })[] {
  return x
    .map((value, step) => ({ x: value, y: y[step]!, step }))
    .filter((point) => Number.isFinite(point.x) && Number.isFinite(point.y))
}

function trajectory(path: Path, view: View, colour: string): string {
  const points = pointsOf(path)
  if (points.length < 2) return ''
  const line = points.map((point) => onPage(point, view)).join('L')
  return `<path d="M${line}" fill="none" stroke="${colour}" stroke-width="1.5" stroke-linejoin="round"/>`
}

function costSteps(path: Path, view: View): string {
  const marks = pointsOf(path)
    .filter(({ step }) => path.cost[step]! > 0)
    .map((point) => `M${onPage(point, view)}h0`)
  // Lines without length with round ends are dots, at a third of the bytes of circles.
  const dots = `stroke="${mapColours.cost}" stroke-width="3.4" stroke-linecap="round"`
  return marks.length === 0 ? '' : `<path d="${marks.join('')}" fill="none" ${dots}/>`
}

function end(path: Path, view: View, styleOf: StyleOf): string {
  const last = pointsOf(path).at(-1)
  if (!last) return ''
  const { colour, marker } = styleOf(path)
  const [x, y] = onPage(last, view).split(' ').map(Number)
  return `<g stroke="#ffffff" stroke-width="1">${drawMarker(marker, x!, y!, 4.2, colour)}</g>`
}

/** A bar one metre long below the map. */
function metre(view: View): string {
  const y = view.top + view.size + 10
  const right = view.left + view.size
  const left = right - scaleOf(view)
  return [
    `<path d="M${fixed(left)} ${fixed(y - 3)}v6m0 -3H${fixed(right)}m0 -3v6" stroke="${GREY}" fill="none"/>`,
    drawText('1 m', left - 5, y + 3.5, { ...type.tick, anchor: 'end' }),
  ].join('')
}
