/** An episode of a policy as it is kept with a run: every step, for replays and for comparison. */
import { gunzipSync, gzipSync } from 'node:zlib'
import { z } from 'zod'
import { StoreError } from '../store/errors.ts'
import type { CheckpointRow, EpisodeKey, EpisodeRow, Store } from '../store/store.ts'
import type { StepRecord } from './rollout.ts'

/**
 * Content of more bytes is not unpacked: a small bundle may hold an episode that claims to be a huge one. The longest
 * horizon has 10,001 records, each of some 200 numbers of at most 25 characters: 50 MB.
 */
const MAX_BYTES = 2 ** 26

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

/** @throws StoreError with the reason, where the stored content is no episode: it may come from anybody's bundle */
export function readRecordedEpisode(store: Store, id: number): StepRecord[] {
  const what = `Episode ${id}`
  const lines = unpack(store.readEpisode(id), what).toString().split('\n')
  return lines.map((line, index) => parseRecord(line, `${what}: its line ${index + 1}`))
}

/** A line of JSON per step, as `rollout --json` writes them; compressed, a twentieth of that. */
const encode = (records: readonly StepRecord[]): Uint8Array =>
  gzipSync(records.map((record) => JSON.stringify(record)).join('\n'))

function unpack(bytes: Uint8Array, what: string): Buffer {
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_BYTES })
  } catch (cause) {
    const isTooLarge = (cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
    throw unusable(what, isTooLarge ? `it unpacks to more than ${MAX_BYTES} bytes` : 'it cannot be unpacked', cause)
  }
}

const number = z.number()
const stepRecord: z.ZodType<StepRecord> = z.object({
  step: z.int().min(0),
  action: z.array(number).nullable(),
  // The robot's coordinates come first.
  qpos: z.array(number).min(3),
  qvel: z.array(number).min(3),
  observation: z.array(number),
  reward: number,
  cost: number,
  costParts: z.object({ hazard: z.boolean(), vaseContact: z.boolean(), vaseVelocity: z.boolean() }),
  goal: z.tuple([number, number]),
  goalReached: z.boolean(),
  terminated: z.boolean(),
  truncated: z.boolean(),
})

function parseRecord(line: string, what: string): StepRecord {
  try {
    return stepRecord.parse(JSON.parse(line))
  } catch (cause) {
    throw unusable(what, cause instanceof z.ZodError ? z.prettifyError(cause) : 'it is no JSON', cause)
  }
}

const unusable = (what: string, reason: string, cause: unknown): StoreError =>
  new StoreError('corrupt', `${what} cannot be used: ${reason}.`, { cause })
