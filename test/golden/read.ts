/** Readers of the golden data; README.md beside this file describes every field. */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

export type WorldName = 'pointgoal1' | 'environment1' | 'pointgoal2'
export type Point = [x: number, y: number]
export type Versions = Record<string, string>

/** Layout after a reset. */
export interface Layout {
  agent: Point
  agentRot: number
  goal: Point
  firstSampledGoal: Point
  hazards: Point[]
  vases: Point[]
  vaseRots: number[]
  nextUint32: number
}

export interface WorldLayouts {
  layouts: (Layout & { seed: number })[]
  counts: [seeds0To300: number, seeds301To600: number]
  inArc: number[]
  /** [601][5]: agent x, agent y, agentRot, goal x, goal y. */
  poses: Float64Array
}

/** Steps of one episode; arrays are row-major, one row per step. */
export interface Episode {
  seed: number
  policy: 'random' | 'smooth' | 'chase' | 'goal'
  steps: number
  layout: Layout
  /** [steps + 1][nq + nv]: row k before step k. */
  state: Float64Array
  /** [steps][vases]. */
  settled: Uint8Array
  /** [steps][2]. */
  action: Float64Array
  /** [steps][2]. */
  goal: Float64Array
  /** [steps][60], the last 48 rounded to multiples of 2^-31. */
  observation: Float64Array
  reward: Float64Array
  cost: Uint8Array
  costHazards: Float64Array
  costVasesContact: Uint8Array
  costVasesVelocity: Float64Array
  contacts: Uint8Array
  touchedSubsteps: Uint8Array
  vaseVaseSubsteps: Uint8Array
  vaseNear: Uint8Array
  goalMet: number[]
  terminated: number[]
  truncated: number[]
  finalGoal: Point
  nextUint32: number
}

export interface Recording {
  versions: Versions
  world: WorldName
  nq: number
  nv: number
  vases: number
  episodes: Episode[]
}

export interface RandomStateRecord {
  seed: number
  uint32: number[]
  randomSample: number[]
  uniform: number[]
  uint32After2000: number[]
}

const LIDAR_SCALE = 2 ** 31
const SENSORS = 12
const LIDAR = 48

function read(name: string): Buffer {
  return readFileSync(new URL(name, import.meta.url))
}

function bytes(base64: string): Uint8Array {
  return Uint8Array.from(Buffer.from(base64, 'base64'))
}

function float64(base64: string): Float64Array {
  return new Float64Array(bytes(base64).buffer)
}

/** Joins exact sensors and rounded lidar into rows of 60. */
function observations(sensors: Float64Array, lidar: Uint32Array, steps: number): Float64Array {
  const rows = new Float64Array(steps * (SENSORS + LIDAR))
  for (let k = 0; k < steps; k++) {
    const start = k * (SENSORS + LIDAR)
    rows.set(sensors.subarray(k * SENSORS, (k + 1) * SENSORS), start)
    for (let i = 0; i < LIDAR; i++) rows[start + SENSORS + i] = lidar[k * LIDAR + i]! / LIDAR_SCALE
  }
  return rows
}

type Float64Field = 'state' | 'action' | 'goal' | 'reward' | 'costHazards' | 'costVasesVelocity'
type Uint8Field =
  'settled' | 'cost' | 'costVasesContact' | 'contacts' | 'touchedSubsteps' | 'vaseVaseSubsteps' | 'vaseNear'
type EncodedEpisode = Omit<Episode, Float64Field | Uint8Field | 'observation'> &
  Record<Float64Field | Uint8Field | 'sensors' | 'lidar', string>

function decodeEpisode(encoded: EncodedEpisode): Episode {
  const { sensors, lidar, ...rest } = encoded
  return {
    ...rest,
    state: float64(encoded.state),
    settled: bytes(encoded.settled),
    action: float64(encoded.action),
    goal: float64(encoded.goal),
    observation: observations(float64(sensors), new Uint32Array(bytes(lidar).buffer), encoded.steps),
    reward: float64(encoded.reward),
    cost: bytes(encoded.cost),
    costHazards: float64(encoded.costHazards),
    costVasesContact: bytes(encoded.costVasesContact),
    costVasesVelocity: float64(encoded.costVasesVelocity),
    contacts: bytes(encoded.contacts),
    touchedSubsteps: bytes(encoded.touchedSubsteps),
    vaseVaseSubsteps: bytes(encoded.vaseVaseSubsteps),
    vaseNear: bytes(encoded.vaseNear),
  }
}

/** Steps of one world. */
export function readSteps(world: WorldName): Recording {
  const content = JSON.parse(gunzipSync(read(`steps-${world}.json.gz`)).toString()) as Omit<Recording, 'episodes'> & {
    episodes: EncodedEpisode[]
  }
  return { ...content, episodes: content.episodes.map(decodeEpisode) }
}

/** Layouts and arc membership of one world. */
export function readLayouts(world: WorldName): WorldLayouts {
  const content = JSON.parse(read('layouts.json').toString()) as {
    worlds: Record<
      WorldName,
      Pick<WorldLayouts, 'layouts'> & { digest: Pick<WorldLayouts, 'counts' | 'inArc'> & { poses: string } }
    >
  }
  const { layouts, digest } = content.worlds[world]
  return { layouts, counts: digest.counts, inArc: digest.inArc, poses: float64(digest.poses) }
}

/** Numbers of numpy's RandomState. */
export function readRandomStates(): RandomStateRecord[] {
  return (JSON.parse(read('numpy-random-state.json').toString()) as { seeds: RandomStateRecord[] }).seeds
}

/** Flags of a whole episode. */
export function readTruncation(): { seed: number; steps: number; firstTruncated: number; terminatedSteps: number[] } {
  return JSON.parse(read('truncation.json').toString()) as ReturnType<typeof readTruncation>
}
