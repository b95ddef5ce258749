import { describe, expect, it } from 'vitest'
import type { PolicyData } from '../../../src/core/training/jobs.ts'
import { bindPooled, bindTransitions, poolPolicyData } from '../../../src/core/training/pooled.ts'
import { randomPolicy } from '../../../src/core/training/state.ts'
import { stream } from '../../../src/core/random/stream.ts'
import { tinyConfig, tinyWorker } from '../../support/worker.ts'
import { relativeError, surrogate } from '../nn/reference.ts'

const config = tinyConfig()

const BY_ROW = [
  'logProbs',
  'rewardAdvantages',
  'costAdvantages',
  'rewardTargets',
  'costTargets',
  'rewardReturns',
  'costReturns',
] as const

/** Every array with numbers of its own. */
function part(rows: number, seed: number, observationSize = 44): PolicyData {
  const random = stream('part', seed)
  const numbers = (length: number) => Float32Array.from({ length }, () => random.normal())
  const byRow = Object.fromEntries(BY_ROW.map((name) => [name, numbers(rows)])) as Record<
    (typeof BY_ROW)[number],
    Float32Array
  >
  return { rows, observations: numbers(rows * observationSize), actions: numbers(rows * 2), ...byRow }
}

describe('poolPolicyData', () => {
  it('joins every array of the parts in their order, in the given memory', () => {
    const parts = [part(3, 1), part(1, 2), part(4, 3)]
    const allocated: Float32Array[] = []
    const pooled = poolPolicyData(parts, (floats) => {
      allocated.push(new Float32Array(floats))
      return allocated.at(-1)!
    })
    expect(pooled.rows).toBe(8)
    for (const name of ['observations', 'actions', ...BY_ROW] as const) {
      expect(Array.from(pooled[name]), name).toEqual(parts.flatMap((p) => Array.from(p[name])))
      expect(allocated).toContain(pooled[name])
    }
  })
})

describe('a worker’s pool', () => {
  it('holds transitions with their actions, whatever was pooled before', async () => {
    const worker = await tinyWorker(config)
    const { policyShape } = worker.engine
    const theta = randomPolicy(config, [1, 'theta'])
    const [large, small] = [part(40, 4), part(9, 5)]
    await bindTransitions(worker, large, theta, 1)
    await bindPooled(worker, { ...part(20, 6) }, theta, 1)
    await bindTransitions(worker, small, theta, 1)
    const gradient = await worker.engine.surrogateGradient(theta, small.costAdvantages)
    const expected = surrogate(policyShape, theta, { ...worker.pool, ...small, size: 9 }, small.costAdvantages).gradient
    expect(relativeError(gradient, expected)).toBeLessThan(1e-4)
  })
})
