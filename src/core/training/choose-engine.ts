import type { EngineName } from '../config/engines.ts'
import type { RunConfig } from '../config/settings.ts'
import { isSameProblem, wholeWords, workOf, type EngineProblem, type EngineTiming } from '../engines/timings.ts'

export type { EngineTiming } from '../engines/timings.ts'

/** What computes a run, and the reason in a sentence. */
export interface EngineChoice {
  readonly engine: EngineName
  readonly why: string
}

/** Less is within what timings scatter by, and not worth bits that other machines do not repeat. */
const WORTHWHILE = 1.1

/** What computes a run: what it asks for; under `auto` what is surely faster by what was measured, else the SIMD engine. */
export const chooseEngine = (config: RunConfig, measurement: readonly EngineTiming[] | null): EngineName =>
  explainEngine(config, measurement).engine

/**
 * As `chooseEngine`, with the reason. Conservative: another engine must be faster than the SIMD engine both at the
 * largest measured problem within the run's own and at the smallest around it, as far as there is one. A problem smaller
 * than all that were measured, where the overhead of a device tells most, is the SIMD engine's.
 */
export function explainEngine(config: RunConfig, measurement: readonly EngineTiming[] | null): EngineChoice {
  if (config.engine !== 'auto') return { engine: config.engine, why: 'The configuration asks for it.' }
  if (measurement === null || measurement.length === 0)
    return { engine: 'simd', why: 'Updates have not been timed on this machine.' }
  const own = problemOf(config)
  const speedUps = [...new Set(measurement.map(({ engine }) => engine))]
    .flatMap((engine) => {
      const speedUp = engine === 'simd' ? null : surelyFaster(engine, own, measurement)
      return speedUp === null ? [] : [{ engine, speedUp }]
    })
    .sort((a, b) => b.speedUp - a.speedUp)
  const [best] = speedUps
  const sizes = `${own.tasks === 1 ? '1 batch' : `${own.tasks} tasks`} of ${wholeWords(own.rows)} rows, ${own.width} wide`
  if (!best) return { engine: 'simd', why: `Nothing was timed that is comparable to ${sizes}.` }
  if (best.speedUp < WORTHWHILE) return { engine: 'simd', why: `No other engine was timed to be faster at ${sizes}.` }
  const factor = Number(best.speedUp.toPrecision(2))
  return { engine: best.engine, why: `At ${sizes}, it was timed at least ${factor} times as fast as the SIMD engine.` }
}

/** The sizes of a run's updates. */
export function problemOf({ method, policy, environment, inner, meta, preTraining }: RunConfig): EngineProblem {
  const width = Math.max(...policy.hidden)
  return method === 'meta'
    ? { width, rows: inner.episodes * environment.horizon, tasks: meta.tasksPerIteration }
    : { width, rows: preTraining.tasksPerIteration * preTraining.episodes * environment.horizon, tasks: 1 }
}

/** How many times faster than the SIMD engine it is at least, by the problems next to `own`; null: nobody can say. */
function surelyFaster(engine: EngineName, own: EngineProblem, measurement: readonly EngineTiming[]): number | null {
  const compared = measurement.flatMap((timing) => {
    if (timing.engine !== engine) return []
    const simd = measurement.find((other) => other.engine === 'simd' && isSameProblem(other, timing))
    return simd ? [{ problem: timing, speedUp: simd.seconds / timing.seconds }] : []
  })
  const within = compared.filter(({ problem }) => isWithin(problem, own))
  const around = compared.filter(({ problem }) => isWithin(own, problem))
  if (within.length === 0) return null
  const nearest = within.reduce((a, b) => (workOf(b.problem) > workOf(a.problem) ? b : a))
  const next = around.length > 0 ? [around.reduce((a, b) => (workOf(b.problem) < workOf(a.problem) ? b : a))] : []
  return Math.min(...[nearest, ...next].map(({ speedUp }) => speedUp))
}

const isWithin = (a: EngineProblem, b: EngineProblem): boolean =>
  a.width <= b.width && a.rows <= b.rows && a.tasks <= b.tasks
