// Whether runs of the same settings and seed still get the same bits: studies take runs of one revision for each other's.
//
// Portable kernels avoid fused multiply-adds, so that the bits are the same on every x86-64 machine. What may still change
// them without a change of ours is Node: the language leaves the last bits of Math.exp, Math.log, Math.tanh and their kin
// to V8. Where nothing but Node is other, renew the hashes under the same revision.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { migrateConfig } from '../../../src/core/config/migrate.ts'
import { parseRunConfig } from '../../../src/core/config/parse.ts'
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
const configOf = (changes: Pick<Partial<RunConfig>, 'method' | 'fineTune'> = {}): RunConfig => ({
  ...parseRunConfig(migrateConfig(golden.settings)),
  ...changes,
})

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
    const config = configOf()
    const meta = await iterate(await tinyWorker(config), costlyState(config), 2)
    const mixture = configOf({ method: 'pre-train' })
    const preTrained = await iterate(await tinyWorker(mixture), costlyState(mixture), 2)
    const moments = emptyMoments(policyShapeOf(config).observationSize)
    const random: Initialisation = { theta: null, costCritic: null, lambda: null, moments }
    const trained: Initialisation = { ...random, theta: meta.state.theta, costCritic: meta.state.costCritic }
    sha256['meta'] = hashOfTraining(meta)
    sha256['pre-train'] = hashOfTraining(preTrained)
    sha256['fine-tune'] = await hashOfFineTuning(config, trained)
    sha256['fine-tune, random'] = await hashOfFineTuning(config, random)
    const cpo = configOf({ fineTune: { ...config.fineTune, algorithm: 'cpo' } })
    sha256['fine-tune, cpo'] = await hashOfFineTuning(cpo, trained)
    costs = [meta, preTrained].flatMap(({ records }) => records.map(({ metrics }) => metrics.costBefore!))
  })

  it('are tried where constraints matter', () => {
    for (const cost of costs) expect(cost).toBeGreaterThan(0)
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
