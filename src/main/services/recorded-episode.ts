/** An episode of a policy as it is kept with a run: every step, for replays and for comparison. */
import { constants, deflateRawSync, inflateRawSync } from 'node:zlib'
import type { Episode } from '../../core/episode/episode.ts'
import { decodeEpisode, encodeEpisode, EpisodeFormatError, MAX_EPISODE_BYTES } from '../../core/episode/format.ts'
import { StoreError } from '../store/errors.ts'
import type { EpisodeKey, EpisodeRow, Store } from '../store/store.ts'
import { isStepLines, readStepLines } from './step-lines.ts'

/** What the first version of the format begins with. */
const MAGIC = Buffer.from('CMAMLEP1')

/** Stores an episode under its key; one that is there is replaced. */
export function saveEpisodeAs(store: Store, key: EpisodeKey, episode: Episode): EpisodeRow {
  const { rewards, costs, length } = episode
  const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0)
  return store.saveEpisode(key, { return: sum(rewards), cost: sum(costs), length }, packEpisode(episode))
}

/** @throws StoreError with the reason, where the stored content is no episode: it may come from anybody's bundle */
export function readRecordedEpisode(store: Store, id: number): Episode {
  const content = store.readEpisode(id)
  try {
    if (!isStepLines(content)) return unpackEpisode(content)
    const { run, task } = store.episode(id)
    return readStepLines(content, store.run(run).config, task)
  } catch (error) {
    if (!(error instanceof EpisodeFormatError)) throw error
    throw new StoreError('corrupt', `Episode ${id} cannot be used: ${error.message}.`, { cause: error })
  }
}

/** Compressed, an episode takes some 50 kB per 1,000 steps (`bench/episodes.ts`). */
export const packEpisode = (episode: Episode): Uint8Array =>
  Buffer.concat([MAGIC, deflateRawSync(encodeEpisode(episode), { level: constants.Z_DEFAULT_COMPRESSION })])

/** @throws EpisodeFormatError with the reason, before anything of a claimed size is allocated */
export function unpackEpisode(content: Uint8Array): Episode {
  if (!MAGIC.equals(content.subarray(0, MAGIC.length)))
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
