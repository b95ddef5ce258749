import type { MetaSettings } from '../config/settings.ts'
import { adamAscent, zeroMoments, type AdamMoments } from '../nn/adam.ts'
import { assertFinite } from '../rl/finite.ts'
import { strideAcrossEpisodes } from '../rl/fisher-rows.ts'
import { naturalDirection, projectLogStd, stepAlong } from '../rl/trust-region.ts'
import type { OuterStepJob, OuterStepResult } from '../training/jobs.ts'
import { bindPooled } from '../training/pooled.ts'
import type { LearnerContext } from '../training/worker-context.ts'

/** Most measurements of a candidate's KL; the quadratic model is off by a factor of two at most in practice. */
const MEASUREMENTS = 10
/** `kl-exact` is content with this share of the bound. */
const FULL_ENOUGH = 0.95

/** KL bound of an iteration (1 for the first): it falls linearly to `finalKlShare` of itself in the last. */
export function outerKlBound({ kl, finalKlShare, iterations }: MetaSettings, iteration: number): number {
  const progress = iterations > 1 ? (iteration - 1) / (iterations - 1) : 0
  return kl * (1 - (1 - finalKlShare) * progress)
}

/** A step taken: the policy, the KL measured on all pooled rows, and how many candidates it took. */
interface Taken {
  readonly theta: Float32Array
  readonly kl: number
  readonly candidates: number
  readonly moments?: AdamMoments
}

/** Line 16 of Algorithm 1: the meta-policy moves along mean_p g_p - g_eta (eq. 14), as `meta.optimiser` says. */
export async function outerStep(worker: LearnerContext, job: OuterStepJob): Promise<OuterStepResult> {
  const started = worker.now()
  const { config } = worker
  const { meta, inner } = config
  const where = `iteration ${job.iteration}, outer step`
  await bindPooled(worker, job.pooled, job.theta, strideAcrossEpisodes(meta.fisherStride, inner.episodes))
  const direction = Float32Array.from(job.metaGradient, (g, i) => g - job.safetyTerm[i]!)
  assertFinite('outer direction', direction, where)
  const take = (): Promise<Taken> => {
    if (meta.optimiser !== 'natural') return unboundedStep(worker, job, direction)
    return meta.outerRule === 'reptile' ? reptileStep(worker, job, where) : naturalStep(worker, job, direction, where)
  }
  const { moments = null, ...taken } = await take()
  assertFinite('theta', taken.theta, where)
  assertFinite('outer KL', taken.kl, where)
  return { ...taken, moments, seconds: worker.now() - started }
}

/**
 * theta <- theta + s (F + damping I)^-1 direction, F the Fisher matrix of the pooled meta-policy data.
 * `kl-exact` takes the s whose KL, measured on all pooled rows, fills the bound; `kl-max` takes s = `meta.rate` unless
 * that exceeds the bound. KL grows with s^2, which corrects a scale that does not fit. The bound is never exceeded.
 */
async function naturalStep(
  { config, engine }: LearnerContext,
  job: OuterStepJob,
  direction: Float32Array,
  where: string,
): Promise<Taken> {
  const { meta, policy } = config
  const bound = outerKlBound(meta, job.iteration)
  const { x, fullScale } = await naturalDirection(engine, direction, { ...meta, kl: bound }, where)
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
  return { ...best, candidates }
}

/**
 * theta <- theta + beta mean(theta_p - theta) (Nichol et al., 2018, eq. 7), and the safety term beside it as a natural
 * step of the inner step's own KL size, weighted like g_eta. Halved until the measured KL is within the outer bound.
 */
async function reptileStep({ config, engine }: LearnerContext, job: OuterStepJob, where: string): Promise<Taken> {
  const { meta, inner, policy } = config
  const bound = outerKlBound(meta, job.iteration)
  const safety = await naturalDirection(engine, job.safetyTerm, { ...meta, kl: inner.kl }, where)
  const displacement = Float64Array.from(
    job.metaGradient,
    (value, i) => meta.rate * value - job.safetyWeight * safety.fullScale * safety.x[i]!,
  )
  let scale = 1
  for (let candidates = 1; candidates <= MEASUREMENTS; candidates++, scale /= 2) {
    const theta = stepAlong(engine.policyShape, job.theta, displacement, scale, policy)
    const { kl } = await engine.evaluatePolicy(theta, [])
    if (kl <= bound) return { theta, kl, candidates }
  }
  return { theta: job.theta, kl: 0, candidates: MEASUREMENTS }
}

/** Adam or plain ascent: their step sizes are their only bound. */
async function unboundedStep(
  { config, engine }: LearnerContext,
  { theta, moments }: OuterStepJob,
  direction: Float32Array,
): Promise<Taken> {
  const { meta, policy } = config
  const step: { parameters: Float32Array; moments?: AdamMoments } =
    meta.optimiser === 'adam'
      ? adamAscent(theta, direction, moments ?? zeroMoments(theta.length), meta.adamRate)
      : { parameters: theta.map((value, i) => value + meta.rate * direction[i]!) }
  projectLogStd(engine.policyShape, step.parameters, theta, policy)
  const { kl } = await engine.evaluatePolicy(step.parameters, [])
  const taken = { theta: step.parameters, kl, candidates: 1 }
  return step.moments ? { ...taken, moments: step.moments } : taken
}
