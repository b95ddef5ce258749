import { describe, expect, test } from 'vitest'
import { copyCritic, createCritic, criticShape, type CriticState } from '../../../src/core/nn/critic.ts'
import type { CriticFitSettings } from '../../../src/core/nn/learner.ts'
import { randomProblem, shapes } from './engine.ts'
import { criticLoss, norm, outputsOf, relativeError, sameBits } from './reference.ts'

const settings: CriticFitSettings = { minibatch: 100, learningRate: 1e-3, l2: 1e-3, maxGradientNorm: 0.3 }

const oneToN = (n: number) => Int32Array.from({ length: n }, (_, i) => i)

describe.each(Object.entries(shapes))('critics of %s', (_name, policy) => {
  const shape = criticShape(policy)
  const rows = 257
  const { engine, batch, random, normals } = randomProblem(policy, rows, 3)
  const critic = createCritic(policy, random)
  const targets = normals(rows, 2)

  test('values, of observations inside and outside kernel memory', () => {
    const expected = outputsOf(shape, critic.parameters, batch.observations, rows)
    const inside = engine.values(critic.parameters, batch.observations, rows)
    expect(relativeError(inside, expected)).toBeLessThan(1e-5)
    expect(sameBits(engine.values(critic.parameters, batch.observations.slice(), rows), inside)).toBe(true)
    expect(sameBits(engine.values(critic.parameters, batch.observations, 3), inside.slice(0, 3))).toBe(true)
  })

  test('a minibatch is one clipped step of Adam', () => {
    const order = random.shuffle(oneToN(rows))
    const fitted = copyCritic(critic)
    engine.fitCritics(batch, [{ critic: fitted, targets }], [order.subarray(0, 100), order.subarray(100)], settings)
    const expected = adam(
      critic.parameters,
      (at, from, to) => criticLoss(shape, at, batch, targets, order.subarray(from, to), settings.l2).gradient,
    )
    // Minibatches of 100, of 100 and of the remaining 57 rows, clipped in between.
    expect(fitted.updates).toBe(3)
    expect(relativeError(fitted.parameters, expected.parameters)).toBeLessThan(1e-5)
    expect(relativeError(fitted.firstMoment, expected.first)).toBeLessThan(1e-4)
    expect(relativeError(fitted.secondMoment, expected.second)).toBeLessThan(1e-4)
  })

  test('fitting two critics at once or one after the other is the same', () => {
    const together = [copyCritic(critic), copyCritic(critic)]
    const apart = [copyCritic(critic), copyCritic(critic)]
    const allTargets = [targets, normals(rows, 1)]
    const order = [random.shuffle(oneToN(rows))]
    engine.fitCritics(
      batch,
      together.map((one, i) => ({ critic: one, targets: allTargets[i]! })),
      order,
      { ...settings, minibatch: 200 },
    )
    apart.forEach((one, i) => {
      engine.fitCritics(batch, [{ critic: one, targets: allTargets[i]! }], order, { ...settings, minibatch: 200 })
    })
    together.forEach((one, i) => expectSameCritic(one, apart[i]!))
  })

  test('interrupted and continued is the same as in one go', () => {
    const whole = copyCritic(critic)
    const parts = copyCritic(critic)
    const epochs = [random.shuffle(oneToN(rows)), random.shuffle(oneToN(rows))]
    engine.fitCritics(batch, [{ critic: whole, targets }], epochs, settings)
    for (const epoch of epochs) engine.fitCritics(batch, [{ critic: parts, targets }], [epoch], settings)
    expectSameCritic(parts, whole)
    expect(whole.updates).toBe(6)
  })

  test('the loss falls', () => {
    const fitted = copyCritic(critic)
    const epochs = Array.from({ length: 60 }, () => random.shuffle(oneToN(rows)))
    engine.fitCritics(batch, [{ critic: fitted, targets }], epochs, { ...settings, minibatch: 32, maxGradientNorm: 40 })
    const loss = (parameters: Float32Array) => criticLoss(shape, parameters, batch, targets, oneToN(rows), 0).value
    expect(loss(fitted.parameters)).toBeLessThan(0.95 * loss(critic.parameters))
  })
})

function expectSameCritic(a: CriticState, b: CriticState): void {
  expect(a.updates).toBe(b.updates)
  for (const part of ['parameters', 'firstMoment', 'secondMoment'] as const) {
    expect(sameBits(a[part], b[part])).toBe(true)
  }
}

/** Adam in float64 with the clipping of `settings`, over the minibatches 0-100, 100-200 and 200-257. */
function adam(start: Float32Array, gradientOf: (at: Float64Array, from: number, to: number) => Float64Array) {
  const parameters = Float64Array.from(start)
  const first = new Float64Array(start.length)
  const second = new Float64Array(start.length)
  for (const [t, from, to] of [
    [1, 0, 100],
    [2, 100, 200],
    [3, 200, 257],
  ] as const) {
    const raw = gradientOf(parameters, from, to)
    const length = norm(raw)
    expect(length).toBeGreaterThan(settings.maxGradientNorm)
    const gradient = raw.map((g) => (g * settings.maxGradientNorm) / (length + 1e-6))
    gradient.forEach((g, i) => {
      first[i] = 0.9 * first[i]! + 0.1 * g
      second[i] = 0.999 * second[i]! + 0.001 * g * g
      const scale = Math.sqrt(second[i]! / (1 - 0.999 ** t)) + 1e-8
      parameters[i]! -= (settings.learningRate * first[i]!) / (1 - 0.9 ** t) / scale
    })
  }
  return { parameters, first, second }
}
