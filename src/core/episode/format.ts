/**
 * An episode as bytes, without loss, to be compressed by whoever stores it. Little-endian:
 *
 *     u32   length of the header, then the header as JSON (`header.ts`)
 *     f64   pose of each vase at the start, [V x 7]
 *     u8    per step: bits of `CostPart`, 8 where the goal was reached, 16 where it cost, [T]
 *     f32   actions, [T x 2]
 *     f64   columns of T + 1 rows: velocity (3), robot (3), goal (2), each moved vase (7), sensors (12)
 *     f64   column of T rows: rewards
 *
 * Vases that never move cost nothing. How columns are written: `columns.ts`, `predictions.ts`.
 */
import { z } from 'zod'
import { SENSOR_VALUES } from '../env/point-robot.ts'
import {
  columnBytes,
  readColumn,
  readSingles,
  writeColumn,
  writeSingles,
  type Cursor,
  type Prediction,
} from './columns.ts'
import { VASE_VALUES, vaseCount, type Episode } from './episode.ts'
import { episodeHeader, MAX_STEPS, MAX_VASES, type EpisodeHeader } from './header.ts'
import { approachReward, asBefore, byVelocity, freeSensors, onwards, vaseNumber } from './predictions.ts'

const LENGTH_BYTES = 4
const MAX_HEADER_BYTES = 2 ** 17
const COST_PARTS = 7
const GOAL_REACHED = 8
const COST = 16

/** Bytes after the header. */
function bodyBytes({ length, layout, moved }: EpisodeHeader): number {
  const columns = 3 + 3 + 2 + VASE_VALUES * moved.length + SENSOR_VALUES
  const start = layout.vases.length * VASE_VALUES * Float64Array.BYTES_PER_ELEMENT
  return start + length * (1 + 2 * 4) + columns * columnBytes(length + 1) + columnBytes(length)
}

/** No episode takes more. */
export const MAX_EPISODE_BYTES =
  LENGTH_BYTES +
  MAX_HEADER_BYTES +
  MAX_VASES * VASE_VALUES * 8 +
  MAX_STEPS * 9 +
  (3 + 3 + 2 + VASE_VALUES * MAX_VASES + SENSOR_VALUES) * columnBytes(MAX_STEPS + 1) +
  columnBytes(MAX_STEPS)

/** Why bytes are no episode. */
export class EpisodeFormatError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'EpisodeFormatError'
  }
}

/** @throws EpisodeFormatError for an episode that cannot be decoded again: too long, or with numbers that are not finite */
export function encodeEpisode(episode: Episode): Uint8Array {
  const { task, world, goalVisible, layout, length, terminated, truncated } = episode
  const moved = layout.vases.flatMap((_, vase) => (isMoved(episode, vase) ? [vase] : []))
  const header = parseHeader({ task, world, goalVisible, layout, length, terminated, truncated, moved })
  refuseWrongNumbers(episode)
  const text = new TextEncoder().encode(JSON.stringify(header))
  const bytes = new Uint8Array(LENGTH_BYTES + text.length + bodyBytes(header))
  new DataView(bytes.buffer).setUint32(0, text.length, true)
  bytes.set(text, LENGTH_BYTES)
  const cursor = { bytes, at: LENGTH_BYTES + text.length }
  writeStart(episode, cursor)
  for (let step = 0; step < length; step++)
    bytes[cursor.at++] =
      episode.costParts[step]! | (episode.goalReached[step]! * GOAL_REACHED) | (episode.costs[step]! * COST)
  writeSingles(episode.actions, cursor)
  forEachColumn(episode, moved, (column, rows, predict) => writeColumn(column, rows, predict, cursor))
  return bytes
}

/** @throws EpisodeFormatError with the reason, before anything of the claimed size is allocated */
export function decodeEpisode(bytes: Uint8Array): Episode {
  const header = readHeader(bytes)
  const { moved, ...description } = header
  const { length, layout } = header
  const rows = length + 1
  const vases = layout.vases.length
  const episode: Episode = {
    ...description,
    robot: new Float64Array(3 * rows),
    velocity: new Float64Array(3 * rows),
    vases: new Float64Array(VASE_VALUES * vases * rows),
    sensors: new Float64Array(SENSOR_VALUES * rows),
    goal: new Float64Array(2 * rows),
    actions: new Float32Array(2 * length),
    rewards: new Float64Array(length),
    costs: new Float64Array(length),
    costParts: new Uint8Array(length),
    goalReached: new Uint8Array(length),
  }
  const cursor = { bytes, at: bytes.length - bodyBytes(header) }
  readStart(episode, cursor)
  for (let step = 0; step < length; step++) {
    const flags = bytes[cursor.at++]!
    if (flags > COST + GOAL_REACHED + COST_PARTS) throw new EpisodeFormatError(`step ${step + 1} has unknown flags`)
    episode.costParts[step] = flags & COST_PARTS
    episode.goalReached[step] = flags & GOAL_REACHED ? 1 : 0
    episode.costs[step] = flags & COST ? 1 : 0
  }
  readSingles(episode.actions, cursor)
  forEachColumn(episode, moved, (column, count, predict) => readColumn(column, count, predict, cursor))
  refuseWrongNumbers(episode)
  return episode
}

function readHeader(bytes: Uint8Array): EpisodeHeader {
  if (bytes.length < LENGTH_BYTES) throw new EpisodeFormatError('it ends before its header')
  const size = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true)
  if (size > MAX_HEADER_BYTES) throw new EpisodeFormatError(`its header claims ${size} bytes`)
  if (size > bytes.length - LENGTH_BYTES) throw new EpisodeFormatError('it ends within its header')
  const header = parseHeader(parseJson(bytes.subarray(LENGTH_BYTES, LENGTH_BYTES + size)))
  const expected = LENGTH_BYTES + size + bodyBytes(header)
  if (bytes.length !== expected)
    throw new EpisodeFormatError(`${header.length} steps take ${expected} bytes, it has ${bytes.length}`)
  return header
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw new EpisodeFormatError('its header is no JSON')
  }
}

function parseHeader(header: unknown): EpisodeHeader {
  const parsed = episodeHeader.safeParse(header)
  if (parsed.success) return parsed.data
  throw new EpisodeFormatError(`its header is wrong: ${z.prettifyError(parsed.error)}`)
}

type Column = { readonly values: Float64Array; readonly offset: number; readonly stride: number }

/** In an order in which every prediction finds what it needs. */
function forEachColumn(
  episode: Episode,
  moved: readonly number[],
  visit: (column: Column, rows: number, predict: Prediction) => void,
): void {
  const { velocity, robot, goal, vases, sensors, rewards, length } = episode
  const count = vaseCount(episode)
  const rows = length + 1
  for (let i = 0; i < 3; i++) visit({ values: velocity, offset: i, stride: 3 }, rows, onwards(velocity, i, 3))
  for (let i = 0; i < 3; i++) visit({ values: robot, offset: i, stride: 3 }, rows, byVelocity(episode, i))
  for (let i = 0; i < 2; i++) visit({ values: goal, offset: i, stride: 2 }, rows, asBefore(goal, i, 2))
  for (const vase of moved)
    for (let i = 0; i < VASE_VALUES; i++) {
      const column = { values: vases, offset: vase * VASE_VALUES + i, stride: count * VASE_VALUES }
      visit(column, rows, vaseNumber(episode, count, vase, i))
    }
  const sensed = freeSensors(episode)
  for (let i = 0; i < SENSOR_VALUES; i++) visit({ values: sensors, offset: i, stride: SENSOR_VALUES }, rows, sensed(i))
  visit({ values: rewards, offset: 0, stride: 1 }, length, approachReward(episode))
}

function isMoved(episode: Episode, vase: number): boolean {
  const { vases, length } = episode
  const stride = vaseCount(episode) * VASE_VALUES
  for (let row = 1; row <= length; row++)
    for (let i = 0; i < VASE_VALUES; i++) {
      const at = vase * VASE_VALUES + i
      if (!Object.is(vases[row * stride + at], vases[at])) return true
    }
  return false
}

function writeStart(episode: Episode, cursor: Cursor): void {
  const view = new DataView(cursor.bytes.buffer)
  for (let i = 0; i < vaseCount(episode) * VASE_VALUES; i++, cursor.at += 8)
    view.setFloat64(cursor.at, episode.vases[i]!, true)
}

/** All rows are as the first one, until the moved vases are read. */
function readStart(episode: Episode, cursor: Cursor): void {
  const { bytes } = cursor
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  const width = vaseCount(episode) * VASE_VALUES
  for (let i = 0; i < width; i++, cursor.at += 8) episode.vases[i] = view.getFloat64(cursor.at, true)
  for (let row = 1; row <= episode.length; row++) episode.vases.copyWithin(row * width, 0, width)
}

const NUMBERS = ['robot', 'velocity', 'vases', 'sensors', 'goal', 'actions', 'rewards'] as const

function refuseWrongNumbers(episode: Episode): void {
  const { length } = episode
  const vases = vaseCount(episode)
  const rows = length + 1
  const expected = {
    ...{ robot: 3 * rows, velocity: 3 * rows, vases: vases * VASE_VALUES * rows, sensors: SENSOR_VALUES * rows },
    ...{ goal: 2 * rows, actions: 2 * length, rewards: length, costs: length, costParts: length, goalReached: length },
  }
  for (const [name, size] of Object.entries(expected) as [keyof typeof expected, number][])
    if (episode[name].length !== size)
      throw new EpisodeFormatError(`${length} steps need ${size} numbers of ${name}, not ${episode[name].length}`)
  for (const name of NUMBERS)
    if (!episode[name].every(Number.isFinite)) throw new EpisodeFormatError(`${name} has a number that is not finite`)
  for (let step = 0; step < length; step++) {
    const isFlag = (value: number) => value === 0 || value === 1
    if (!isFlag(episode.costs[step]!) || !isFlag(episode.goalReached[step]!) || episode.costParts[step]! > COST_PARTS)
      throw new EpisodeFormatError(`step ${step + 1} has unknown flags`)
  }
}
