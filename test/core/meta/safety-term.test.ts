import { describe, expect, it } from 'vitest'
import { randomPolicy } from '../../../src/core/training/state.ts'
import { safetyWeight, withoutLogStd } from '../../../src/core/meta/safety-term.ts'
import { logStdOf, parameterCount, meanShape } from '../../../src/core/nn/policy.ts'
import { stream } from '../../../src/core/random/stream.ts'
import { tinyConfig, tinyWorker } from '../../support/worker.ts'

/** Gauss-Hermite nodes and weights for E_{z ~ N(0,1)}, exact for polynomials up to degree 9. */
const NODES = [0, 1.3556261799742659, -1.3556261799742659, 2.8569700138728056, -2.8569700138728056]
const WEIGHTS = [8 / 15, 0.2220759220056126, 0.2220759220056126, 0.01125741132772068, 0.01125741132772068]

describe('the weights of the safety term (eq. 14)', () => {
  it('V_C(s) as printed has zero mean over actions; the cost advantage has not', async () => {
    const config = tinyConfig()
    const { engine, batch } = await tinyWorker(config)
    const { observationSize } = engine.policyShape
    const theta = randomPolicy(config, [1, 'theta'])
    const std = logStdOf(engine.policyShape, theta).map(Math.exp)
    const random = stream(1, 'states')
    const states = 3
    const perState = NODES.length ** 2
    batch.size = states * perState
    for (let row = 0; row < batch.size; row++) {
      const from = Math.floor(row / perState) * perState
      for (let i = 0; i < observationSize; i++)
        batch.observations[row * observationSize + i] =
          row === from ? random.normal() : batch.observations[from * observationSize + i]!
    }
    engine.loadPolicy(theta)
    engine.forwardPolicy(batch, 0, batch.size)
    // Every state meets every pair of quadrature nodes as its action; the weights are the quadrature's.
    const literal = new Float32Array(batch.size)
    const advantage = new Float32Array(batch.size)
    const values = [2, -1, 5]
    for (let row = 0; row < batch.size; row++) {
      const state = Math.floor(row / perState)
      const nodes = [row % NODES.length, Math.floor(row / NODES.length) % NODES.length]
      let logProb = -Math.log(2 * Math.PI)
      let weight = 1
      nodes.forEach((node, a) => {
        batch.actions[2 * row + a] = batch.means[2 * row + a]! + std[a]! * NODES[node]!
        logProb -= 0.5 * NODES[node]! ** 2 + Math.log(std[a]!)
        weight *= WEIGHTS[node]!
      })
      batch.logProbs[row] = logProb
      literal[row] = weight * perState * values[state]!
      advantage[row] = weight * perState * batch.actions[2 * row]!
    }
    await engine.bind(batch, theta, 1)
    const norm = (gradient: Float32Array) => Math.hypot(...gradient)
    const printed = norm(await engine.surrogateGradient(theta, literal))
    const meaningful = norm(await engine.surrogateGradient(theta, advantage))
    expect(printed).toBeLessThan(1e-4)
    expect(meaningful).toBeGreaterThan(0.1)
  })

  it('applies the guards', () => {
    const { eta } = tinyConfig().meta
    expect(safetyWeight(eta, 2, 1, 5)).toBe(2)
    expect(safetyWeight({ ...eta, saturating: true }, 2, 1, 5)).toBeCloseTo(2 / 3)
    expect(safetyWeight({ ...eta, onlyAboveLimit: true }, 2, 5, 5)).toBe(0)
    expect(safetyWeight({ ...eta, onlyAboveLimit: true }, 2, 5.1, 5)).toBe(2)
  })

  it('can leave the log standard deviation alone', () => {
    const shape = { observationSize: 4, hidden: [8], actionSize: 2 }
    const gradient = new Float64Array(parameterCount(meanShape(shape)) + 2).fill(1)
    const masked = withoutLogStd(shape, gradient)
    expect([...masked.slice(-3)]).toEqual([1, 0, 0])
  })
})
