// Comparisons over a real store, with results whose means and differences are known by hand.
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseRunConfig } from '../../../src/core/config/parse.ts'
import type { AdaptationStepRecord } from '../../../src/core/rl/adaptation.ts'
import { compareRuns } from '../../../src/main/services/comparison.ts'
import { conclusion } from '../../../src/main/services/conclusion.ts'
import { openStore } from '../../../src/main/store/open.ts'
import type { Store } from '../../../src/main/store/store.ts'
import { temporaryFolder } from '../cli/cmaml.ts'

const trainer = {
  engine: 'simd/portable',
  kernel: 'none',
  multiplyAdd: 'unfused',
  workers: 1,
  node: '24',
  cpu: 'none',
  mujoco: 'none',
} as const

function stepRecord(episodeReturn: number, cost: number): AdaptationStepRecord {
  const zeros = { hazardSteps: 0, contactSteps: 0, velocitySteps: 0, goals: 0, longestCostRun: 0, multiplier: 0 }
  const variances = {
    rewardExplainedVariance: 0,
    rewardExplainedVarianceAfter: 0,
    costExplainedVariance: 0,
    costExplainedVarianceAfter: 0,
  }
  const step = { kl: 0, improvement: 0, costChange: 0, feasibility: 'unconstrained' } as const
  const sizes = { episodes: 10, transitions: 4000, length: 400, accepted: true, candidates: 1, std: 1 }
  return { ...zeros, ...step, ...variances, ...sizes, return: episodeReturn, cost }
}

interface Results {
  readonly name?: string
  readonly seed?: number
  readonly settings?: Record<string, unknown>
  /** By label, then task: [return, cost] before and after the one step. */
  readonly curves: Readonly<Record<string, Readonly<Record<number, readonly [number, number][]>>>>
}

/** A fine-tuning with given results; labels other than random would need a checkpoint, which numbers do not. */
function store(db: Store, { name = 'run', seed = 1, settings = {}, curves }: Results): string {
  const config = parseRunConfig({ seed, costLimit: 5, fineTune: { steps: 1 }, ...settings })
  const labels = Object.keys(curves)
  const { id } = db.createRun({ kind: 'fine-tune', name, config, trainer, total: 99 })
  db.declareInitialisations(
    id,
    labels.map((label) => ({ label, checkpoint: null })),
  )
  labels.forEach((label, index) => {
    for (const [task, values] of Object.entries(curves[label]!)) {
      const evaluations = values.map(([value, cost]) => stepRecord(value, cost))
      db.commitFineTuneResult(id, index, {
        task: Number(task),
        evaluations,
        steps: evaluations.slice(0, -1),
      })
    }
  })
  db.finishRun(id, { status: 'stopped' })
  return id
}

async function withDatabase(work: (db: Store) => void): Promise<void> {
  using folder = temporaryFolder()
  const db = await openStore(join(folder.path, 'runs.sqlite'), { appVersion: 'test', mode: 'create' })
  try {
    work(db)
  } finally {
    db.close()
  }
}

const flat = (value: number, cost: number): [number, number][] => [
  [value, cost],
  [value + 1, cost],
]

describe('compareRuns', () => {
  it('pools seeds and leaves out what not all have', () =>
    withDatabase((db) => {
      const one = store(db, {
        seed: 1,
        curves: {
          trained: { 301: flat(4, 1), 302: flat(6, 1), 303: flat(99, 99) },
          random: { 301: flat(1, 9), 302: flat(2, 9) },
        },
      })
      const two = store(db, {
        seed: 2,
        curves: { trained: { 301: flat(6, 3), 302: flat(6, 3) }, random: { 301: flat(1, 9), 302: flat(2, 9) } },
      })
      const comparison = compareRuns(db, [one, two, one])
      expect(comparison).toMatchObject({ runs: [one, two], tasks: [301, 302], seeds: [1, 2], leftOut: 1 })
      const [trained, random] = comparison.initialisations
      // Task 301: (4 + 6) / 2, task 302: 6.
      expect(trained!.steps.map((step) => step.return.mean)).toEqual([5.5, 6.5])
      expect(random!.steps.map((step) => step.cost.mean)).toEqual([9, 9])
      expect(comparison.differences).toHaveLength(1)
      const [difference] = comparison.differences
      expect(difference).toMatchObject({ first: 'trained', second: 'random' })
      expect(difference!.return.tasks).toEqual([
        { task: 301, difference: 4 },
        { task: 302, difference: 4 },
      ])
      expect(difference!.cost.t).toEqual({ mean: -7, low: -7, high: -7, count: 2 })
      expect(conclusion(comparison, difference!)).toBe(
        'trained against random, mean over adaptation steps 0 to 1, 2 tasks and 2 seeds: the return is higher ' +
          'by 4.00 (95 % interval of the difference 4.00 to 4.00); the cost is lower by 7.00 (95 % interval of the ' +
          'difference -7.00 to -7.00).',
      )
    }))

  it('claims nothing that an interval does not carry', () =>
    withDatabase((db) => {
      const id = store(db, {
        curves: { trained: { 301: flat(4, 1), 302: flat(1, 1) }, random: { 301: flat(1, 1), 302: flat(2, 0) } },
      })
      const comparison = compareRuns(db, [id])
      expect(conclusion(comparison, comparison.differences[0]!)).toMatch(
        /return shows no clear difference.*cost shows no clear/,
      )
      const single = store(db, { curves: { trained: { 301: flat(4, 1) }, random: { 301: flat(1, 1) } } })
      const alone = compareRuns(db, [single])
      expect(conclusion(alone, alone.differences[0]!)).toContain('one task alone shows nothing')
    }))

  it('tells initialisations of the same label apart by their runs', () =>
    withDatabase((db) => {
      const random = { 301: flat(1, 9), 302: flat(2, 9) }
      const a = store(db, { name: 'low eta', curves: { trained: { 301: flat(4, 1), 302: flat(6, 1) }, random } })
      const b = store(db, { name: 'high eta', curves: { trained: { 301: flat(3, 0), 302: flat(5, 0) }, random } })
      const { initialisations, differences } = compareRuns(db, [a, b])
      // The same random start on the same tasks and seed is one initialisation, not two.
      expect(initialisations.map(({ label }) => label).sort()).toEqual([
        'random',
        'trained (high eta)',
        'trained (low eta)',
      ])
      expect(differences.map(({ first, second }) => `${first} - ${second}`)).toEqual([
        'trained (low eta) - trained (high eta)',
        'trained (low eta) - random',
        'trained (high eta) - random',
      ])
    }))

  it('refuses to mix what was measured differently', () =>
    withDatabase((db) => {
      const curves = { random: { 301: flat(1, 9) } }
      const a = store(db, { curves })
      const b = store(db, { settings: { costLimit: 10 }, curves })
      expect(() => compareRuns(db, [a, b])).toThrow(/costLimit is 5 in one and 10 in the other/)
      const empty = store(db, { curves: { random: {} } })
      expect(() => compareRuns(db, [empty])).toThrow(/no finished task/)
    }))
})
