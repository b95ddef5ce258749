// Episodes of a bundle may be anybody's: only what is one is ever answered.
import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { readRecordedEpisode, saveEpisodeAs } from '../../../src/main/services/recorded-episode.ts'
import type { StepRecord } from '../../../src/main/services/rollout.ts'
import { StoreError } from '../../../src/main/store/errors.ts'
import type { Store } from '../../../src/main/store/store.ts'
import { testStore } from '../store/fixtures.ts'
import { metaTraining } from '../store/samples.ts'

const record = (step: number): StepRecord => ({
  step,
  action: step === 0 ? null : [0.5, -0.5],
  qpos: [0, 1, 2],
  qvel: [0, 0, 0],
  observation: [1, 2],
  reward: step / 8,
  cost: step % 2,
  costParts: { hazard: true, vaseContact: false, vaseVelocity: false },
  goal: [1, -1],
  goalReached: false,
  terminated: false,
  truncated: step === 3,
})
const lines = (records: readonly object[]) => gzipSync(records.map((each) => JSON.stringify(each)).join('\n'))

const key = (run: string) => ({ run, initialisation: null, iteration: 0, task: 301, step: 0, episode: 0 })

/** A database with such an episode, as an import would leave it there. */
async function holding(content: Uint8Array): Promise<{ store: Store; id: number }> {
  const store = await testStore()
  const { id: run } = store.createRun(metaTraining())
  return { store, id: store.saveEpisode(key(run), { return: 0, cost: 0, length: 1 }, content).id }
}

it('answers the records that were saved, with their sums in the list', async () => {
  const store = await testStore()
  const { id: run } = store.createRun(metaTraining())
  const records = [0, 1, 2, 3].map(record)
  const row = saveEpisodeAs(store, key(run), records)
  expect(row).toMatchObject({ return: 0.75, cost: 2, length: 3 })
  expect(readRecordedEpisode(store, row.id)).toEqual(records)
})

it.each<[what: string, content: () => Uint8Array, reason: RegExp]>([
  [
    'a gzip bomb',
    () => gzipSync(Buffer.alloc(2 ** 26 + 1)),
    /Episode 1 cannot be used: it unpacks to more than 67108864/,
  ],
  ['another format', () => Buffer.from('an episode'), /it cannot be unpacked/],
  ['half of an episode', () => lines([record(0), record(1)]).subarray(0, 60), /it cannot be unpacked/],
  ['nothing', () => gzipSync(''), /line 1 cannot be used: it is no JSON/],
  [
    'a text for a number',
    () => lines([record(0), { ...record(1), cost: '\u001b[2J' }]),
    /line 2 .*expected number.*cost/,
  ],
  ['no coordinates', () => lines([{ ...record(0), qpos: [] }]), /line 1 .*qpos/],
  ['a number that JSON lost', () => lines([{ ...record(0), reward: NaN }]), /reward/],
  ['no object', () => gzipSync('7'), /expected object/],
])('refuses %s with the reason', async (_, content, reason) => {
  const { store, id } = await holding(content())
  expect(() => readRecordedEpisode(store, id)).toThrow(reason)
  expect(() => readRecordedEpisode(store, id)).toThrow(StoreError)
})
