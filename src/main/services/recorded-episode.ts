/** An episode of a policy as it is kept with its run, or with an imported checkpoint: every step, for replays and for comparison. */
import { withGoalRule } from '../../core/env/world.ts'
import type { Episode } from '../../core/episode/episode.ts'
import { EpisodeFormatError } from '../../core/episode/format.ts'
import { StoreError } from '../store/errors.ts'
import type { EpisodeKey, EpisodeRow, Store } from '../store/store.ts'
import { packed, unpackEpisode, type PackedEpisode } from '../trainer/packed-episode.ts'
import { isStepLines, readStepLines } from './step-lines.ts'

/** Stores an episode under its key; one that is there is replaced. */
export const saveEpisodeAs = (store: Store, key: EpisodeKey, episode: Episode): EpisodeRow =>
  savePackedEpisode(store, key, packed(episode))

/** The same for one that a worker packed. */
export const savePackedEpisode = (store: Store, key: EpisodeKey, { bytes, ...numbers }: PackedEpisode): EpisodeRow =>
  store.saveEpisode(key, { return: numbers.return, cost: numbers.cost, length: numbers.length }, bytes)

/** @throws StoreError with the reason, where the stored content is no episode: it may come from anybody's bundle */
export function readRecordedEpisode(store: Store, id: number): Episode {
  const content = store.readEpisode(id)
  const { run, checkpoint, task } = store.episode(id)
  const { config } = run === null ? store.readCheckpoint(checkpoint!) : store.run(run)
  try {
    const episode = isStepLines(content) ? readStepLines(content, config, task) : unpackEpisode(content)
    // Older recordings say the rule of the world that the run may have replaced.
    return { ...episode, world: withGoalRule(episode.world, config.environment.goalRule) }
  } catch (error) {
    if (!(error instanceof EpisodeFormatError)) throw error
    throw new StoreError('corrupt', `Episode ${id} cannot be used: ${error.message}.`, { cause: error })
  }
}
