import * as tf from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { createPlainBatch } from '../../../src/core/training/transitions.ts'
import { randomPolicy } from '../../../src/core/training/state.ts'
import { loadKernels } from '../../../src/main/trainer/kernels.ts'
import { loadLearningEngine } from '../../../src/main/trainer/learning-engine.ts'
import { tinyConfig } from '../../support/worker.ts'

/** Any question to a backend would start one. */
const numTensors = () => tf.engine().state.numTensors
const started = () => Object.keys(tf.engine().registry)

test.each(['cpu', 'wasm'] as const)(
  'an engine on %s leaves nothing behind, and can be loaded again',
  async (backend) => {
    const config = tinyConfig()
    for (let time = 0; time < 2; time++) {
      const { learner, dispose } = (await loadLearningEngine(`tfjs/${backend}`, config, loadKernels('auto')))!
      const batch = createPlainBatch(learner.policyShape, 8, 1)
      batch.size = 8
      await learner.bind([{ place: 0, arguments: [batch, randomPolicy(config, ['test']), 1] }])
      expect(numTensors()).toBeGreaterThan(0)
      expect(tf.getBackend()).toBe(backend)
      expect(started()).toContain(backend)
      dispose()
      expect(numTensors()).toBe(0)
      expect(started()).not.toContain(backend)
    }
  },
)
