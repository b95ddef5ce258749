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

const TOLERANCE = 1e-6
/**
 * Of what the environment gets from trained policies, whose sums have terms of up to 13 in all: rounding to float32 moves
 * this program's own engine by 1.2e-6, and onnxruntime by 1.3e-6, from the exact sums.
 */
const ROUNDED_TWICE = 2e-6
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

/** 1,000 recorded and 1,000 random observations, and what the engine answers. */
function asked(checkpoint: Checkpoint): { observations: Observations; expected: Distribution }[] {
  return [acting.recordedObservations, acting.randomObservations].map((observationsOf) => {
    const observations = observationsOf(checkpoint.config, ROWS)
    const expected = acting.actByEngine(checkpoint, observations)
    // A policy that always answers the same would prove nothing.
    expect(new Set(expected.mean).size).toBeGreaterThan(ROWS)
    expect(Math.max(...expected.mean)).toBeGreaterThan(0.1)
    return { observations, expected }
  })
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
      const file = checkpointFile(store, store.checkpoint(id).id, format)
      for (const { observations, expected } of asked(checkpoint)) {
        const { mean, logStd } = await answer(format, file, observations)
        expect(acting.largestError(mean, expected.mean)).toBeLessThan(TOLERANCE)
        expect(logStd).toEqual(expected.logStd)
      }
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
    const { tensor } = acting.readSafetensors(checkpointFile(store, row.id, 'safetensors'))
    const files = CHECKPOINT_FORMATS.map((format) => ({ format, file: checkpointFile(store, row.id, format) }))
    for (const { observations, expected } of asked(checkpoint)) {
      const isProximity = checkpoint.config.observationScaling === 'proximity'
      const exact = acting.actByTensors(tensor, isProximity, observations)
      for (const { format, file } of files) {
        const { mean, logStd } = await answer(format, file, observations)
        expect(acting.largestError(mean, expected.mean, exact.terms)).toBeLessThan(TOLERANCE)
        expect(acting.largestError(acting.clipped(mean), acting.clipped(expected.mean))).toBeLessThan(ROUNDED_TWICE)
        // TensorFlow.js rounds once per layer, so that what differs would be the file.
        if (format === 'tfjs') expect(acting.largestError(mean, exact.mean)).toBeLessThan(TOLERANCE)
        expect(logStd).toEqual(expected.logStd)
      }
    }
  }
})
