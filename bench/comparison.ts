/**
 * A comparison of 4 initialisations x 117 tasks x 11 steps x 3 seeds: how long the program takes to answer all its numbers,
 * and the page's worker to compute each picture. Goals: opens in under 500 ms, 10,000 resamples of a picture in under 1 s.
 * The numbers themselves are noise; times do not depend on them.
 *
 *     node bench/comparison.ts [--json]
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { parseRunConfig } from '../src/core/config/parse.ts'
import { stream } from '../src/core/random/stream.ts'
import type { AdaptationStepRecord } from '../src/core/rl/adaptation.ts'
import { bands, feasibleShares } from '../src/core/study/comparison/bands.ts'
import { improvementMatrix, pairedDifferences } from '../src/core/study/comparison/improvement.ts'
import { completePart } from '../src/core/study/comparison/part.ts'
import { taskMatrix, taskMoves } from '../src/core/study/comparison/per-task.ts'
import { profiles } from '../src/core/study/comparison/profiles.ts'
import { costTables, violations } from '../src/core/study/comparison/safety.ts'
import { comparisonData } from '../src/main/services/compare/saved.ts'
import { suggestComparisons } from '../src/main/services/compare/suggestions.ts'
import { openStore } from '../src/main/store/open.ts'
import type { Store } from '../src/main/store/store.ts'
import { formatTable } from './table.ts'

const LABELS = ['C-MAML', 'pre-trained', 'MAML', 'random']
const TASKS = Array.from({ length: 117 }, (_, i) => 2 * i + 1)
const SEEDS = [1, 2, 3]
const STEPS = 10
/** A server answers again and again: the median of so many. */
const REPEATS = 7
const bootstrap = { resamples: 10_000, seed: 1 }

function fill(store: Store): string[] {
  const random = stream('benchmark')
  const record = (): AdaptationStepRecord => ({
    ...{ episodes: 10, transitions: 4000, length: 400, return: random.normal(), cost: 10 * random.uniform() },
    ...{ hazardSteps: 1, contactSteps: 1, velocitySteps: 0, goals: random.uniform(), longestCostRun: 3 },
    ...{ multiplier: 1, kl: 0.01, improvement: 0.1, costChange: 0, feasibility: 'unconstrained' },
    ...{ accepted: true, candidates: 1, std: 1, rewardExplainedVariance: 0, rewardExplainedVarianceAfter: 0 },
    ...{ costExplainedVariance: 0, costExplainedVarianceAfter: 0 },
  })
  return SEEDS.flatMap((seed) =>
    LABELS.map((label) => {
      const config = parseRunConfig({ seed, costLimit: 5, fineTune: { steps: STEPS } })
      const trainer = {
        engine: '',
        kernel: '',
        multiplyAdd: 'fused',
        workers: 1,
        node: '',
        cpu: '',
        mujoco: '',
      } as const
      const total = TASKS.length
      const { id } = store.createRun({
        kind: 'fine-tune',
        name: `${label} ${seed}`,
        config,
        trainer,
        total,
        tasks: TASKS,
      })
      store.declareInitialisations(id, [{ label, checkpoint: null }])
      for (const task of TASKS) {
        const steps = Array.from({ length: STEPS }, record)
        store.commitFineTuneResult(id, 0, { task, evaluations: [...steps, record()], steps })
      }
      store.finishRun(id, { status: 'completed' })
      return id
    }),
  )
}

/** Milliseconds: the first time, and the median of the others. */
function timed(work: () => unknown, repeats: number): { first: number; median: number } {
  const times = Array.from({ length: repeats }, () => {
    const begun = performance.now()
    work()
    return performance.now() - begun
  })
  const [first = NaN, ...others] = times
  const sorted = others.sort((a, b) => a - b)
  return { first, median: sorted[Math.floor(sorted.length / 2)] ?? first }
}

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } })
const folder = mkdtempSync(join(tmpdir(), 'cmaml-bench-'))
const store = await openStore(join(folder, 'comparison.sqlite'), { appVersion: 'bench', mode: 'create' })
try {
  const runs = fill(store)
  const part = completePart(comparisonData(store, { runs }))
  const works: Record<string, readonly [goal: number | null, work: () => unknown]> = {
    'all numbers (program)': [100, () => comparisonData(store, { runs })],
    'suggestions (program)': [null, () => suggestComparisons(store)],
    'the part that all have': [null, () => completePart(part.cube)],
    'return, SD over tasks': [null, () => bands(part, 'return', 'sd-tasks', bootstrap)],
    'return, bootstrap of the mean': [1000, () => bands(part, 'return', 'bootstrap-mean', bootstrap)],
    'return, bootstrap of the IQM': [1000, () => bands(part, 'return', 'bootstrap-iqm', bootstrap)],
    'feasible share': [1000, () => feasibleShares(part, bootstrap)],
    'cost table: mean, CVaR, feasible': [1000, () => costTables(part, bootstrap)],
    'violation totals': [1000, () => violations(part, bootstrap)],
    'performance profiles': [1000, () => profiles(part, 'return', STEPS, bootstrap)],
    'probability of improvement': [1000, () => improvementMatrix(part, 'return', 'mean', bootstrap)],
    'paired differences': [1000, () => pairedDifferences(part, 'return', 'mean', bootstrap)],
    'tasks before and after': [null, () => taskMoves(part, 0, STEPS)],
    'task x initialisation': [null, () => taskMatrix(part, 'cost', 'change')],
  }
  const results = Object.entries(works).map(([name, [goal, work]]) => ({ name, goal, ...timed(work, REPEATS) }))
  if (values.json) console.log(JSON.stringify({ benchmark: 'comparison', load: loadavg()[0], results }))
  else
    console.log(
      formatTable({
        title: `A comparison of ${LABELS.length} x ${TASKS.length} x ${STEPS + 1} x ${SEEDS.length}, ${bootstrap.resamples} resamples`,
        columns: ['', 'first (ms)', 'then (ms)', 'goal (ms)'],
        rows: results.map(({ name, first, median, goal }) => [
          name,
          Math.round(first),
          Math.round(median),
          goal === null ? '' : `< ${goal}`,
        ]),
      }),
    )
} finally {
  store.close()
  rmSync(folder, { recursive: true })
}
