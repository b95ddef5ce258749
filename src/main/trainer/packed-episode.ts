/** Episodes as they are stored. Workers pack them, so that the thread that answers pages does not. */
import { constants, deflateRawSync, inflateRawSync } from 'node:zlib'
import type { PhysicsMode } from '../../core/env/goal-task.ts'
import type { Episode } from '../../core/episode/episode.ts'
import { decodeEpisode, encodeEpisode, EpisodeFormatError, MAX_EPISODE_BYTES } from '../../core/episode/format.ts'
import type { RecordResult } from '../../core/training/jobs.ts'

/** What lists show of an episode, and its content. */
export interface PackedEpisode {
  readonly return: number
  readonly cost: number
  readonly length: number
  readonly bytes: Uint8Array
}

export interface PackedRecording extends PackedEpisode {
  /** Adaptation steps that the policy took. */
  readonly step: number
  /** Counts the episodes of one policy, from 0. */
  readonly number: number
}

export const packRecorded = ({ recorded }: RecordResult): PackedRecording[] =>
  recorded.map(({ step, number, episode }) => ({ step, number, ...packed(episode) }))

export function packed(episode: Episode): PackedEpisode {
  const { rewards, costs, length } = episode
  const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0)
  return { return: sum(rewards), cost: sum(costs), length, bytes: packEpisode(episode) }
}

/** What the first version of the format begins with. */
const MAGIC = new TextEncoder().encode('CMAMLEP1')

/** At most, where vases are pushed about all the time (`bench/results/episodes.json`); by the physics that moves them. */
export const PACKED_BYTES_PER_STEP = { fast: 80, reference: 110 } as const satisfies Record<PhysicsMode, number>

export function packEpisode(episode: Episode): Uint8Array {
  const content = deflateRawSync(encodeEpisode(episode), { level: constants.Z_DEFAULT_COMPRESSION })
  const bytes = new Uint8Array(MAGIC.length + content.length)
  bytes.set(MAGIC)
  bytes.set(content, MAGIC.length)
  return bytes
}

/** @throws EpisodeFormatError with the reason, before anything of a claimed size is allocated */
export function unpackEpisode(content: Uint8Array): Episode {
  if (!MAGIC.every((byte, i) => content[i] === byte))
    throw new EpisodeFormatError('it is in no format that this version of the program reads')
  return decodeEpisode(inflate(content.subarray(MAGIC.length)))
}

function inflate(bytes: Uint8Array): Uint8Array {
  try {
    return inflateRawSync(bytes, { maxOutputLength: MAX_EPISODE_BYTES })
  } catch (cause) {
    const isTooLarge = (cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
    throw new EpisodeFormatError(
      isTooLarge ? `it unpacks to more than ${MAX_EPISODE_BYTES} bytes` : 'it cannot be unpacked',
    )
  }
}
