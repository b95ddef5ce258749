/** Databases with runs, to be put into bundles. */
import Database from 'better-sqlite3'
import type { BundleRequest } from '../../../../src/main/store/bundle/bundle.ts'
import { decodeBundle, encodeBundle } from '../../../../src/main/store/bundle/file.ts'
import type { Store } from '../../../../src/main/store/store.ts'
import { testStore } from '../fixtures.ts'
import { config, fineTuneResult, fineTuning, iterationResult, metaTraining } from '../samples.ts'

/** A bundle of all runs, but for the changes. */
export const everything = (store: Store, changes: Partial<BundleRequest> = {}): BundleRequest => ({
  runs: store.runs().map(({ id }) => id),
  points: null,
  episodes: 'all',
  description: '',
  ...changes,
})

/** Trains by so many iterations with a milestone at every second; ends unless it is left running. */
export function trained(store: Store, { iterations = 4, seed = 1, end = true } = {}): string {
  const of = config({ seed })
  const { id } = store.createRun(metaTraining({ name: `training ${seed}`, config: of, total: iterations }))
  for (let i = 1; i <= iterations; i++) store.commitIteration(id, iterationResult(i, of), i % 2 === 0)
  if (end) store.finishRun(id, { status: 'completed' })
  return id
}

/** From a checkpoint and from a random network, on two tasks. */
export function fineTuned(store: Store, checkpoint: string): string {
  const { id } = store.createRun(fineTuning({ parentCheckpoint: checkpoint, tasks: [301, 302] }))
  store.declareInitialisations(id, [
    { label: 'C-MAML', checkpoint },
    { label: 'random', checkpoint: null },
  ])
  for (const initialisation of [0, 1])
    for (const task of [301, 302]) store.commitFineTuneResult(id, initialisation, fineTuneResult(task + initialisation))
  store.finishRun(id, { status: 'completed' })
  return id
}

/** Saves an episode of a training; its id. */
export function withEpisode(store: Store, run: string, task: number): number {
  const key = { run, initialisation: null, iteration: 4, task, step: 0, episode: 0, stochastic: true }
  return store.saveEpisode(key, { return: 1, cost: 2, length: 3 }, Buffer.from(`episode of ${run} on ${task}`)).id
}

/** A training and the fine-tuning of its newest state. */
export async function example(): Promise<{ store: Store; training: string; tuning: string }> {
  const store = await testStore()
  const training = trained(store)
  return { store, training, tuning: fineTuned(store, store.checkpoint(training).id) }
}

/** In SQL: clears a terminal that is shown it. */
export const ESCAPE = "char(27) || '[2J'"

/** A bundle as its author could have altered it, with a hash that fits. */
export function altered(bundle: Uint8Array, alter: (database: Database.Database) => void): Uint8Array {
  const { database, ...description } = decodeBundle(bundle, 'it')
  const raw = new Database(Buffer.from(database))
  alter(raw)
  const bytes = raw.serialize()
  raw.close()
  return encodeBundle(description, bytes)
}
