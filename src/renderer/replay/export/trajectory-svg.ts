// Maps with their trails as SVG, text as text.
import { VASE_HALF_SIZE } from '../../../core/env/mjcf.ts'
import type { Point } from '../../../core/env/layout.ts'
import { trailSegments } from '../../../core/episode/trail.ts'
import { vaseCount } from '../../../core/episode/episode.ts'
import { cubeFromAbove, goalAt, robotAt, vaseAt } from '../../../core/episode/pose.ts'
import type { Actor } from '../actors.ts'
import type { MapColours } from '../map/colours.ts'
import { reachOfAll, type Panel } from '../panels.ts'

/** Pixels. */
const MAP = 320
const GAP = 16
const TITLE = 18
const LEGEND_LINE = 16

/** The panels in rows of `columns`, everything up to `time`. */
export function trajectorySvg(panels: readonly Panel[], columns: number, time: number, colours: MapColours): string {
  const rows = Math.ceil(panels.length / columns)
  const reach = reachOfAll(panels.flatMap((panel) => panel.actors))
  const actors = [...new Map(panels.flatMap((panel) => panel.actors).map((actor) => [actor.name, actor])).values()]
  const width = columns * (MAP + GAP) - GAP + 2 * GAP
  const mapsHeight = rows * (MAP + TITLE + GAP)
  const height = mapsHeight + LEGEND_LINE * (actors.length + 1) + GAP
  const maps = panels.map((panel, i) => {
    const x = GAP + (i % columns) * (MAP + GAP)
    const y = Math.floor(i / columns) * (MAP + TITLE + GAP)
    const title = `<text x="${MAP / 2}" y="13" text-anchor="middle" font-weight="600">${escape(panel.title)}</text>`
    return `<g transform="translate(${x} ${y})">${title}<g transform="translate(0 ${TITLE})">${map(panel, reach, time, colours)}</g></g>`
  })
  const lines = actors.map(({ name, role }, i) =>
    legendLine(name, colours.series[role], 1.6, mapsHeight + i * LEGEND_LINE),
  )
  lines.push(legendLine('costs', colours.cost, 3.4, mapsHeight + actors.length * LEGEND_LINE))
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="Helvetica, Arial, sans-serif" font-size="11" fill="${colours.ink}">`,
    `<rect width="${width}" height="${height}" fill="${colours.paper}"/>`,
    ...maps,
    ...lines,
    '</svg>\n',
  ].join('\n')
}

function legendLine(name: string, colour: string, width: number, y: number): string {
  const line = `<path d="M${GAP} ${y + 8}h20" stroke="${colour}" stroke-width="${width}" stroke-linecap="round"/>`
  return `${line}<text x="${GAP + 28}" y="${y + 12}">${escape(name)}</text>`
}

function map({ actors }: Panel, reach: number, time: number, colours: MapColours): string {
  const first = actors[0]
  if (first === undefined) return ''
  const scale = MAP / (2 * reach)
  const on = ({ x, y }: Point): string => `${fixed(MAP / 2 + x * scale)} ${fixed(MAP / 2 - y * scale)}`
  const disc = (centre: Point, radius: number, fill: string, stroke: string): string => {
    const [x, y] = on(centre).split(' ')
    return `<circle cx="${x}" cy="${y}" r="${fixed(radius * scale)}" fill="${fill}" stroke="${stroke}"/>`
  }
  const hazards = [...first.episode.layout.hazards]
  return [
    `<rect width="${MAP}" height="${MAP}" fill="${colours.floor}" stroke="${colours.soft}" stroke-width="0.8"/>`,
    ...first.episode.world.objects.flatMap((set) =>
      set.kind === 'hazard'
        ? hazards
            .splice(0, set.count)
            .map((at) => disc(at, set.radius, set.constrained ? colours.hazard : 'none', colours['hazard-line']))
        : [],
    ),
    ...unique(actors.map(({ episode }) => goalAt(episode.goal, time))).map((at) =>
      disc(at, first.episode.world.goal.radius, colours.goal, colours['goal-line']),
    ),
    ...vases(first, actors.length === 1 ? time : 0, on, colours),
    ...actors.map((actor) => trail(actor, time, on, colours)),
    ...actors.map((actor) => robot(actor, time, on, actors.length === 1 ? colours.robot : colours.series[actor.role])),
    `<path d="M${fixed(MAP - 8 - scale)} ${MAP - 11}v5h${fixed(scale)}v-5" fill="none" stroke="${colours.soft}"/>`,
    `<text x="${fixed(MAP - 14 - scale)}" y="${MAP - 5}" text-anchor="end" fill="${colours.soft}">1 m</text>`,
  ].join('')
}

function vases({ episode }: Actor, time: number, on: (point: Point) => string, colours: MapColours): string[] {
  const count = vaseCount(episode)
  const isFree = !episode.world.objects.some((set) => set.kind === 'vase' && set.constrained)
  return Array.from({ length: count }, (_, i) => {
    const outline = cubeFromAbove(vaseAt(episode.vases, count, i, time), VASE_HALF_SIZE)
      .map(on)
      .join('L')
    return `<path d="M${outline}Z" fill="${isFree ? 'none' : colours.vase}" stroke="${colours['vase-line']}"/>`
  })
}

function trail({ episode, role }: Actor, time: number, on: (point: Point) => string, colours: MapColours): string {
  return trailSegments(episode.costs, 0, Math.floor(time))
    .map(({ from, to, costly }) => {
      const points: string[] = []
      for (let t = from; t <= to; t++) points.push(on({ x: episode.robot[3 * t]!, y: episode.robot[3 * t + 1]! }))
      const colour = costly ? colours.cost : colours.series[role]
      return `<path d="M${points.join('L')}" fill="none" stroke="${colour}" stroke-width="${costly ? 3.4 : 1.6}" stroke-linecap="round" stroke-linejoin="round"/>`
    })
    .join('')
}

function robot({ episode }: Actor, time: number, on: (point: Point) => string, fill: string): string {
  const { x, y, yaw } = robotAt(episode.robot, time)
  const corner = (ahead: number, left: number) =>
    on({ x: x + Math.cos(yaw) * ahead - Math.sin(yaw) * left, y: y + Math.sin(yaw) * ahead + Math.cos(yaw) * left })
  return `<path d="M${[corner(0.16, 0), corner(-0.11, 0.1), corner(-0.06, 0), corner(-0.11, -0.1)].join('L')}Z" fill="${fill}"/>`
}

const unique = (points: readonly Point[]): Point[] => [
  ...new Map(points.map((point) => [`${point.x} ${point.y}`, point])).values(),
]

const fixed = (value: number): string => String(Number(value.toFixed(2)))

const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
