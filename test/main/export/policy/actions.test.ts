// What an exported file answers, loaded by its target's own library, against what this program's engine answers: means
// and log standard deviations of 1,000 recorded and 1,000 random observations. Both compute in float32 and sum in
// different orders. Largest differences measured: docs/decisions/exports.md.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { CHECKPOINT_FORMATS, checkpointFile, type CheckpointFormat } from '../../../../src/main/export/checkpoint.ts'
import type { Checkpoint } from '../../../../src/main/store/store.ts'
import { testStore } from '../../store/fixtures.ts'
import { iterationResult, metaTraining } from '../../store/samples.ts'
import * as acting from './acting.ts'
import type { Distribution, NamedTensors, Observations } from './acting.ts'

/** Of numbers up to 1 absolute, of larger ones relative. */
const TOLERANCE = 1e-6
/** Sums behind a trained mean reach 10, and float32 with them: the engine itself is up to 1.3e-6 from float64. */
const TOLERANCE_OF_TRAINED = 2e-6
const ROWS = 1000

async function answer(format: CheckpointFormat, file: Uint8Array, observations: Observations): Promise<Distribution> {
  switch (format) {
    case 'onnx':
      return acting.actByOnnx(file, observations)
    case 'tfjs':
      return acting.actByTfjs(file, observations)
    case 'safetensors': {
      const { tensor, metadata } = acting.readSafetensors(file)
      const card = JSON.parse(metadata['card']!) as { observation: { scaling: string } }
      return acting.actByTensors(tensor, card.observation.scaling === 'proximity', observations)
    }
    case 'json': {
      const { card, tensors } = JSON.parse(new TextDecoder().decode(file)) as {
        card: { observation: { scaling: string } }
        tensors: Record<string, ReturnType<NamedTensors>>
      }
      return acting.actByTensors((name) => tensors[name], card.observation.scaling === 'proximity', observations)
    }
  }
}

async function expectSameActions(
  checkpoint: Checkpoint,
  format: CheckpointFormat,
  file: Uint8Array,
  tolerance: number,
): Promise<void> {
  for (const observationsOf of [acting.recordedObservations, acting.randomObservations]) {
    const observations = observationsOf(checkpoint.config, ROWS)
    const expected = acting.actByEngine(checkpoint, observations)
    // A policy that always answers the same would prove nothing.
    expect(new Set(expected.mean).size).toBeGreaterThan(ROWS)
    expect(Math.max(...expected.mean)).toBeGreaterThan(0.1)
    const { mean, logStd } = await answer(format, file, observations)
    expect(acting.largestError(mean, expected.mean)).toBeLessThan(tolerance)
    expect(logStd).toEqual(expected.logStd)
  }
}

describe.each(CHECKPOINT_FORMATS)('%s acts as the checkpoint does', (format) => {
  it.each(acting.SCALINGS.flatMap((scaling) => acting.NETWORKS.map(([name, network]) => ({ scaling, name, network }))))(
    '$scaling scaling, $name',
    async ({ scaling, network }) => {
      const checkpoint = acting.actingCheckpoint(scaling, network)
      const { config, state } = checkpoint
      const store = await testStore()
      const { id } = store.createRun(metaTraining({ config }))
      for (const iteration of [1, 2]) store.commitIteration(id, iterationResult(iteration, config), false)
      store.commitIteration(id, { ...iterationResult(3, config), state }, true)
      await expectSameActions(checkpoint, format, checkpointFile(store, store.checkpoint(id).id, format), TOLERANCE)
    },
  )
})

it('trained policies of the demonstration project act as they do here, in every format', async () => {
  const store = await testStore()
  await store.importBundle(readFileSync('resources/demonstration.cmaml'), 'demonstration')
  const trained = store.runs({ kind: 'train' })
  expect(trained.length).toBeGreaterThan(1)
  for (const { id } of trained) {
    const row = store.checkpoint(id)
    const checkpoint = store.readCheckpoint(row.id)
    for (const format of CHECKPOINT_FORMATS)
      await expectSameActions(checkpoint, format, checkpointFile(store, row.id, format), TOLERANCE_OF_TRAINED)
  }
})
