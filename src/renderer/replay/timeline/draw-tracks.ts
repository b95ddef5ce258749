// The tracks under a replay: return and cost summed up over the steps, and a line of ticks per episode where it costs.
import { withOpacity } from '../../charts/theme.ts'
import type { Actor } from '../actors.ts'
import type { MapColours } from '../map/colours.ts'

/** Pixels; as in the style of ReplayTimeline. */
const TRACK_HEIGHT = 44
const TRACK_GAP = 6
const LANE = 5

export interface Tracks {
  readonly width: number
  readonly ratio: number
  /** Steps at the right edge. */
  readonly end: number
  readonly actors: readonly Actor[]
  /** Key of the one that stands out; none does if missing. */
  readonly chosen: string | undefined
  readonly colours: MapColours
}

export const tracksHeight = (actors: number): number => 2 * (TRACK_HEIGHT + TRACK_GAP) + LANE * actors + 4

export function drawTracks(canvas: HTMLCanvasElement, tracks: Tracks): void {
  const { width, ratio, actors } = tracks
  canvas.width = Math.round(width * ratio)
  canvas.height = Math.round(tracksHeight(actors.length) * ratio)
  const context = canvas.getContext('2d')!
  context.setTransform(ratio, 0, 0, ratio, 0, 0)
  context.clearRect(0, 0, width, tracksHeight(actors.length))
  drawSums(context, tracks, 0, ({ returns }) => returns)
  drawGoals(context, tracks)
  drawSums(context, tracks, TRACK_HEIGHT + TRACK_GAP, ({ costs }) => costs)
  drawLanes(context, tracks, 2 * (TRACK_HEIGHT + TRACK_GAP))
}

function drawSums(
  context: CanvasRenderingContext2D,
  tracks: Tracks,
  top: number,
  sumsOf: (actor: Actor) => Float64Array,
): void {
  const { width, actors, chosen, colours } = tracks
  const { low, high } = rangeOf(actors, sumsOf)
  const y = (value: number) => top + TRACK_HEIGHT - 2 - ((value - low) / (high - low)) * (TRACK_HEIGHT - 4)
  context.fillStyle = withOpacity(colours.line, 0.35)
  context.fillRect(0, top, width, TRACK_HEIGHT)
  context.strokeStyle = colours.line
  context.lineWidth = 1
  context.beginPath()
  context.moveTo(0, y(0))
  context.lineTo(width, y(0))
  context.stroke()
  context.lineJoin = 'round'
  for (const actor of actors) {
    const isChosen = actor.key === chosen
    context.lineWidth = isChosen ? 2.5 : 1.4
    context.globalAlpha = chosen === undefined || isChosen ? 1 : 0.6
    const sums = sumsOf(actor)
    context.beginPath()
    sums.forEach((value, state) => context.lineTo(xOf(tracks, state), y(value)))
    context.strokeStyle = colours.series[actor.role]
    context.stroke()
  }
  context.globalAlpha = 1
}

/** Zero is always within. */
export function rangeOf(
  actors: readonly Actor[],
  sumsOf: (actor: Actor) => Float64Array,
): { low: number; high: number } {
  let low = 0
  let high = 0
  for (const actor of actors)
    for (const value of sumsOf(actor)) {
      low = Math.min(low, value)
      high = Math.max(high, value)
    }
  return { low, high: high > low ? high : low + 1 }
}

/** Flags on the track of the return. */
function drawGoals(context: CanvasRenderingContext2D, tracks: Tracks): void {
  for (const { goals } of tracks.actors)
    for (const state of goals) {
      const x = Math.min(xOf(tracks, state), tracks.width - 1)
      context.strokeStyle = context.fillStyle = tracks.colours['goal-line']
      context.lineWidth = 1.5
      context.beginPath()
      context.moveTo(x, 1)
      context.lineTo(x, TRACK_HEIGHT)
      context.stroke()
      const wing = x + 8 > tracks.width ? -7 : 7
      context.beginPath()
      context.moveTo(x, 1)
      context.lineTo(x + wing, 4.5)
      context.lineTo(x, 8)
      context.fill()
    }
}

function drawLanes(context: CanvasRenderingContext2D, tracks: Tracks, top: number): void {
  const { actors, colours } = tracks
  actors.forEach(({ episode, costEvents, role }, lane) => {
    const y = top + lane * LANE
    context.fillStyle = withOpacity(colours.series[role], 0.45)
    context.fillRect(0, y + 1, xOf(tracks, episode.length), LANE - 3)
    context.fillStyle = colours.cost
    for (const { first, last } of costEvents) {
      const x = xOf(tracks, first - 1)
      context.fillRect(x, y, Math.max(2, xOf(tracks, last) - x), LANE - 1)
    }
  })
}

const xOf = ({ width, end }: Tracks, state: number): number => (end === 0 ? 0 : (state / end) * width)
