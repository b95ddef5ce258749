import { Resvg } from '@resvg/resvg-js'
import { describe, expect, it } from 'vitest'
import { reachOf } from '../../../src/core/episode/trail.ts'
import { mapColours } from '../../../src/main/export/figures/style.ts'
import type { MapColours } from '../../../src/renderer/replay/map/colours.ts'
import { reachOfAll } from '../../../src/renderer/replay/panels.ts'
import { trajectorySvg } from '../../../src/renderer/replay/export/trajectory-svg.ts'
import { actor, straightEpisode } from './episodes.ts'

const TRAIL = '#0072b2'
const colours = {
  ...{ paper: '#ffffff', floor: '#fcfcfa', ink: '#000000', soft: '#555555', cost: mapColours.cost, robot: '#1a1a1a' },
  ...{ hazard: mapColours.hazard.fill, 'hazard-line': mapColours.hazard.stroke },
  ...{ vase: mapColours.vase.fill, 'vase-line': mapColours.vase.stroke },
  ...{ goal: mapColours.goal.fill, 'goal-line': mapColours.goal.stroke },
  series: { 'c-maml': TRAIL },
} as unknown as MapColours

/** Half of the map's width, pixels. */
const HALF = 160

function drawn(costs: readonly number[]) {
  const episode = straightEpisode(costs)
  const one = actor('a', episode)
  const svg = trajectorySvg([{ key: 'a', title: 'task 122', actors: [one] }], 1, episode.length, colours)
  expect(new Resvg(svg, { font: { loadSystemFonts: false } }).width).toBe(352)
  const scale = HALF / reachOfAll([one])
  const trails = [
    ...svg.matchAll(
      /<path d="M([^"]*)" fill="none" stroke="(#\w+)" stroke-width="([\d.]+)" stroke-linecap="round" stroke-linejoin/g,
    ),
  ]
  const points = trails.map(([, d, stroke]) => ({
    stroke,
    // In metres, as far as two decimals of a pixel tell.
    xs: d!.split('L').map((point) => (Number(point.split(' ')[0]) - HALF) / scale),
  }))
  return { episode, svg, scale, points }
}

describe('a trajectory as SVG', () => {
  it.each([1, 3, 400])('is drawn from the start to the last of %d steps', (length) => {
    const { episode, points, scale } = drawn(Array<number>(length).fill(0))
    expect(points).toHaveLength(1)
    const [{ xs, stroke }] = points as [(typeof points)[number]]
    expect(stroke).toBe(TRAIL)
    expect(xs).toHaveLength(length + 1)
    xs.forEach((x, t) => expect(Math.abs(x - episode.robot[3 * t]!)).toBeLessThan(0.006 / scale))
  })

  it('leaves no gap where steps begin or end to cost, and says which do', () => {
    const costs = Array.from({ length: 20 }, (_, t) => (t >= 8 && t < 11 ? 1 : 0))
    const { points } = drawn(costs)
    expect(points.map(({ stroke }) => stroke)).toEqual([TRAIL, mapColours.cost, TRAIL])
    expect(points.map(({ xs }) => xs.length - 1)).toEqual([8, 3, 9])
    for (let i = 1; i < points.length; i++) expect(points[i]!.xs[0]).toBe(points[i - 1]!.xs.at(-1))
  })

  it('has every vase where it stands, also one that nothing touches', () => {
    const { episode, svg, scale } = drawn([0, 0])
    const vases = [...svg.matchAll(new RegExp(`<path d="M([^"]*)Z" fill="${mapColours.vase.fill}"`, 'g'))].map(
      ([, d]) => {
        const corners = d!.split('L').map((point) => point.split(' ').map(Number) as [number, number])
        const mean = (axis: 0 | 1) => corners.reduce((sum, corner) => sum + corner[axis], 0) / corners.length
        return { x: (mean(0) - HALF) / scale, y: (HALF - mean(1)) / scale, corners: corners.length }
      },
    )
    expect(vases).toHaveLength(episode.layout.vases.length)
    vases.forEach(({ x, y, corners }, i) => {
      const { x: ownX, y: ownY } = episode.layout.vases[i]!
      expect(corners).toBe(4)
      expect(Math.hypot(x - ownX, y - ownY)).toBeLessThan(0.01 / scale)
    })
  })
})

it('the map holds all of the path', () => {
  expect(reachOf([Float64Array.of(0, 0, 0, -4, 0, 0)], 2)).toBeGreaterThanOrEqual(4)
})
