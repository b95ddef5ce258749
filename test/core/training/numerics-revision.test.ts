// Whether runs of the same settings and seed still get the same bits: studies take runs of one revision for each other's.
//
// Portable kernels avoid fused multiply-adds, so that the bits are the same on every x86-64 machine. What may still change
// them without a change of ours is Node: the language leaves the last bits of Math.exp, Math.log, Math.tanh and their kin
// to V8. Where nothing but Node is other, renew the hashes under the same revision.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { migrateConfig } from '../../../src/core/config/migrate.ts'
import { applyAssignments, parseRunConfig } from '../../../src/core/config/parse.ts'
import type { RunConfig } from '../../../src/core/config/settings.ts'
import { emptyMoments } from '../../../src/core/nn/observation-scaling.ts'
import { fineTune } from '../../../src/core/study/fine-tune.ts'
import type { Initialisation } from '../../../src/core/training/jobs.ts'
import { NUMERICS_REVISION } from '../../../src/core/training/numerics-revision.ts'
import { policyShapeOf } from '../../../src/core/training/state.ts'
import { costlyState, iterate, type Training } from '../../support/training.ts'
import { tinyWorker } from '../../support/worker.ts'

/** Held-out, and met by the driving policy's costs. */
const TASK = 303

/** All settings, so that another default is no change of the numerics; and what they gave under which revision. */
const golden = JSON.parse(readFileSync(new URL('../../golden/numerics.json', import.meta.url), 'utf8')) as {
  readonly revision: number
  readonly settings: object
  readonly sha256: Readonly<Record<string, string>>
}
const configOf = (...assignments: readonly string[]): RunConfig =>
  parseRunConfig(applyAssignments({ ...(migrateConfig(golden.settings) as object) }, assignments))

/** Trainings that reach what the settings as they stand do not. */
const TRAININGS: Readonly<Record<string, readonly string[]>> = {
  meta: [],
  'meta, natural step below its bound': ['meta.step=kl-max', 'meta.rate=0.1'],
  'meta, Adam': ['meta.optimiser=adam'],
  'meta, plain ascent': ['meta.optimiser=sgd'],
  'meta, Reptile': ['meta.outerRule=reptile'],
  'meta, Reptile below its bound': ['meta.outerRule=reptile', 'meta.step=kl-max', 'meta.rate=0.1'],
  'meta, plain gradient': ['inner.algorithm=gradient'],
  'meta, second order': ['meta.outerRule=maml', 'inner.algorithm=gradient', 'inner.steps=2'],
  'meta, second order by Adam': ['meta.outerRule=maml', 'inner.algorithm=gradient', 'meta.optimiser=adam'],
  'meta, by TRPO': ['inner.algorithm=trpo'],
  'meta, by CPO': ['inner.algorithm=cpo', 'inner.steps=2'],
  'meta, by PCPO': ['inner.algorithm=pcpo', 'inner.steps=2'],
  'meta, head alone': ['inner.trunkRate=0'],
  'meta, by critics': ['meta.lambda.signal=critic', 'meta.eta.signal=critic', 'meta.critic=meta-gradient'],
  'meta, multipliers by PID': ['inner.multiplier.update=pid', 'meta.lambda.update=pid', 'meta.eta.update=pid'],
  'meta, literal weight': ['meta.eta.weight=literal', 'meta.eta.saturating=true', 'meta.eta.includeLogStd=false'],
  'meta, multipliers by Adam': ['inner.multiplier.update=adam', 'meta.lambda.update=adam', 'meta.eta.update=adam'],
  'meta, running statistics': ['observationScaling=running'],
  'pre-train': ['method=pre-train'],
  'pre-train, CPO': ['method=pre-train', 'inner.algorithm=cpo'],
  'pre-train, PCPO': ['method=pre-train', 'inner.algorithm=pcpo', 'preTraining.costWindow=2'],
  'pre-train, plain gradient': ['method=pre-train', 'inner.algorithm=gradient', 'preTraining.layouts=fresh'],
  'pre-train, proximities': ['method=pre-train', 'observationScaling=proximity'],
}

/** Fine-tunings of the first training. */
const FINE_TUNINGS: Readonly<Record<string, readonly string[]>> = {
  'fine-tune': [],
  'fine-tune, trpo': ['fineTune.algorithm=trpo'],
  'fine-tune, cpo': ['fineTune.algorithm=cpo'],
  'fine-tune, cpo, per episode': ['fineTune.algorithm=cpo', 'inner.constraintUnit=per-episode'],
  'fine-tune, pcpo': ['fineTune.algorithm=pcpo'],
  'fine-tune, pcpo, Euclidean': ['fineTune.algorithm=pcpo', 'inner.pcpoProjection=l2'],
  'fine-tune, plain gradient': ['fineTune.algorithm=gradient'],
}

/** Of every bit of the parts, in order. */
function hashOf(parts: readonly (ArrayLike<number> | number)[]): string {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(Float64Array.from(typeof part === 'number' ? [part] : part))
  return hash.digest('hex')
}

const hashOfTraining = ({ state, records }: Training): string => {
  const { theta, costCritic, rewardCritic, lambda, eta, kappa, envSteps } = state
  const measured = records.flatMap(({ metrics: { returnBefore, costBefore } }) => [returnBefore!, costBefore!])
  const critics = [costCritic.parameters, rewardCritic?.parameters ?? []]
  return hashOf([theta, ...critics, lambda.value, eta.value, kappa, envSteps, measured])
}

async function hashOfFineTuning(config: RunConfig, initialisation: Initialisation): Promise<string> {
  const job = { kind: 'fine-tune', task: TASK, initialisation, keepPolicies: true } as const
  const { evaluations, steps, policies } = await fineTune(await tinyWorker(config), job)
  const measured = evaluations.flatMap(({ return: value, cost }) => [value, cost])
  return hashOf([...policies!, measured, steps.flatMap(({ multiplier, kl }) => [multiplier, kl])])
}

describe(`numerics of revision ${NUMERICS_REVISION}`, () => {
  const sha256: Record<string, string> = {}
  let costs: number[]

  beforeAll(async () => {
    const trainings = new Map<string, Training>()
    for (const [name, assignments] of Object.entries(TRAININGS)) {
      const config = configOf(...assignments)
      const training = await iterate(await tinyWorker(config), costlyState(config), 2)
      trainings.set(name, training)
      sha256[name] = hashOfTraining(training)
    }
    const { theta, costCritic } = trainings.get('meta')!.state
    const moments = emptyMoments(policyShapeOf(configOf()).observationSize)
    const random: Initialisation = { theta: null, costCritic: null, lambda: null, moments }
    const trained: Initialisation = { ...random, theta, costCritic }
    for (const [name, assignments] of Object.entries(FINE_TUNINGS))
      sha256[name] = await hashOfFineTuning(configOf(...assignments), trained)
    sha256['fine-tune, random'] = await hashOfFineTuning(configOf(), random)
    costs = [...trainings.values()].flatMap(({ records }) => records.map(({ metrics }) => metrics.costBefore!))
  })

  it('are tried where constraints matter', () => {
    for (const cost of costs) expect(cost).toBeGreaterThan(0)
  })

  it('are tried on paths that differ, each of them', () => {
    expect(new Set(Object.values(sha256)).size).toBe(Object.keys(sha256).length)
  })

  it('give the bits that they gave before', () => {
    expect(
      { revision: NUMERICS_REVISION, sha256 },
      'The same settings and seed give other bits than before. If that is meant, raise NUMERICS_REVISION in ' +
        'src/core/training/numerics-revision.ts by one, so that studies do not mix runs from before and after, and put ' +
        'that revision and the hashes received here into test/golden/numerics.json',
    ).toEqual({ revision: golden.revision, sha256: golden.sha256 })
  })
})
