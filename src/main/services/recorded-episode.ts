/** An episode of a policy as it is kept with a run: every step, for replays and for comparison. */
import { gunzipSync, gzipSync } from 'node:zlib'
import type { CheckpointRow, EpisodeKey, EpisodeRow, Store } from '../store/store.ts'
import type { StepRecord } from './rollout.ts'

/** Stores an episode of a checkpoint's policy with a run; one of the same iteration and task is replaced. */
export const saveRecordedEpisode = (
  store: Store,
  run: string,
  { iteration }: Pick<CheckpointRow, 'iteration'>,
  task: number,
  records: readonly StepRecord[],
): EpisodeRow => saveEpisodeAs(store, { run, initialisation: null, iteration, task, step: 0, episode: 0 }, records)

/** Stores an episode under its key; one that is there is replaced. */
export function saveEpisodeAs(store: Store, key: EpisodeKey, records: readonly StepRecord[]): EpisodeRow {
  const sum = (quantity: 'reward' | 'cost') => records.reduce((total, record) => total + record[quantity], 0)
  const numbers = { return: sum('reward'), cost: sum('cost'), length: records.at(-1)?.step ?? 0 }
  return store.saveEpisode(key, numbers, encode(records))
}

export const readRecordedEpisode = (store: Store, id: number): StepRecord[] => decode(store.readEpisode(id))

/** A line of JSON per step, as `rollout --json` writes them; compressed, a twentieth of that. */
const encode = (records: readonly StepRecord[]): Uint8Array =>
  gzipSync(records.map((record) => JSON.stringify(record)).join('\n'))

const decode = (bytes: Uint8Array): StepRecord[] =>
  gunzipSync(bytes)
    .toString()
    .split('\n')
    .map((line) => JSON.parse(line) as StepRecord)
