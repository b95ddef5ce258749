import type { MetaSettings } from '../config/settings.ts'
import { naturalDirection, stepAlong } from '../rl/trust-region.ts'
import { assertFinite } from '../rl/finite.ts'
import { strideAcrossEpisodes } from '../rl/fisher-rows.ts'
import type { OuterStepJob, OuterStepResult } from './jobs.ts'
import { bindPooled } from './pooled.ts'
import type { WorkerContext } from './worker-context.ts'

/** Most measurements of a candidate's KL; the quadratic model is off by a factor of two at most in practice. */
const MEASUREMENTS = 10
/** `kl-exact` is content with this share of the bound. */
const FULL_ENOUGH = 0.95

/** KL bound of an iteration (1 for the first): it falls linearly to `finalKlShare` of itself in the last. */
export function outerKlBound({ kl, finalKlShare, iterations }: MetaSettings, iteration: number): number {
  const progress = iterations > 1 ? (iteration - 1) / (iterations - 1) : 0
  return kl * (1 - (1 - finalKlShare) * progress)
}

/**
 * theta <- theta + s (F + damping I)^-1 direction, F the Fisher matrix of the pooled meta-policy data.
 * `kl-exact` takes the s whose KL, measured on all pooled rows, fills the bound; `kl-max` takes s = `meta.rate` unless
 * that exceeds the bound. KL grows with s^2, which corrects a scale that does not fit. The bound is never exceeded.
 */
export async function outerStep(worker: WorkerContext, job: OuterStepJob): Promise<OuterStepResult> {
  const started = worker.now()
  const { config, engine } = worker
  const { meta, policy } = config
  const where = `iteration ${job.iteration}, outer step`
  await bindPooled(worker, job.pooled, job.theta, strideAcrossEpisodes(meta.fisherStride, config.inner.episodes))
  const bound = outerKlBound(meta, job.iteration)
  const { x, fullScale } = await naturalDirection(engine, job.direction, { ...meta, kl: bound }, where)
  const exact = meta.step === 'kl-exact'
  let scale = exact ? fullScale : Math.min(meta.rate, fullScale)
  let best: { theta: Float32Array; kl: number } = { theta: job.theta, kl: 0 }
  let candidates = 0
  while (scale > 0 && candidates < MEASUREMENTS) {
    candidates++
    const theta = stepAlong(engine.policyShape, job.theta, x, scale, policy)
    const { kl } = await engine.evaluatePolicy(theta, [])
    if (kl <= bound && kl >= best.kl) best = { theta, kl }
    const fits = exact ? kl >= FULL_ENOUGH * bound && kl <= bound : kl <= bound
    if (fits) break
    // Aim a little below the bound, so that the correction ends inside.
    scale *= kl > 0 && Number.isFinite(kl) ? Math.min(2, Math.max(0.5, Math.sqrt((0.98 * bound) / kl))) : 0.5
  }
  assertFinite('theta', best.theta, where)
  return { ...best, candidates, seconds: worker.now() - started }
}
