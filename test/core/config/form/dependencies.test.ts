import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DEPENDENCIES, unusedReason, visible } from '../../../../src/core/config/form/dependencies.ts'
import { fieldAt, FIELDS, SECTIONS } from '../../../../src/core/config/form/fields.ts'
import { nearestConfig, withSetting, type Settings } from '../../../../src/core/config/form/values.ts'
import type { RunConfig } from '../../../../src/core/config/settings.ts'
import { applyAssignments, parseRunConfig } from '../../../../src/core/config/parse.ts'

const config = (...assignments: string[]): RunConfig => parseRunConfig(applyAssignments({}, assignments))

const within = (section: string) => FIELDS.filter(({ path }) => path.startsWith(`${section}.`)).map(({ path }) => path)

/** Configurations with any combination of the choices and switches, with and without fine-tuning. */
const anyConfig: fc.Arbitrary<RunConfig> = fc
  .record({
    ...Object.fromEntries(
      FIELDS.flatMap(({ path, type }) =>
        type.kind === 'choice'
          ? [[path, fc.constantFrom<unknown>(...type.options)]]
          : type.kind === 'flag'
            ? [[path, fc.constantFrom<unknown>(true, false)]]
            : [],
      ),
    ),
    'fineTune.tasks': fc.constantFrom<unknown>(0, 3),
    'fineTune.steps': fc.constantFrom<unknown>(0, 3),
    recordEvery: fc.constantFrom<unknown>(0, 10),
  })
  .map((values) => nearestConfig(Object.entries(values).reduce<Settings>((s, [p, v]) => withSetting(s, p, v), {})))

/** The configuration, and the paths of the settings that were read from it. */
function watched(of: RunConfig): { config: RunConfig; read: Set<string> } {
  const read = new Set<string>()
  const watch = (node: object, path: string): object =>
    new Proxy(node, {
      get(target, key) {
        const own = path === '' ? String(key) : `${path}.${String(key)}`
        const value: unknown = Reflect.get(target, key)
        if (fieldAt(own)) read.add(own)
        return typeof value === 'object' && value !== null ? watch(value, own) : value
      },
    })
  return { config: watch(of, '') as RunConfig, read }
}

describe('DEPENDENCIES', () => {
  it('name existing settings or sections', () => {
    const known = new Set([...FIELDS, ...SECTIONS].map(({ path }) => path))
    for (const { settings, on } of DEPENDENCIES) {
      for (const path of settings) expect(known).toContain(path)
      for (const path of on) expect(fieldAt(path)?.path).toBe(path)
    }
  })

  it('read no setting that they do not name, and hide no setting by itself', () => {
    fc.assert(
      fc.property(anyConfig, (of) => {
        for (const { settings, on, unused } of DEPENDENCIES) {
          const { config: seen, read } = watched(of)
          unused(seen)
          for (const path of read) expect(on).toContain(path)
          for (const path of settings) expect([...read]).not.toContain(path)
        }
      }),
    )
  })

  it('every rule hides something in some configuration, and nothing in another', () => {
    const samples = fc.sample(anyConfig, { numRuns: 400, seed: 1 })
    for (const { settings, unused } of DEPENDENCIES) {
      expect(
        samples.some((of) => unused(of) !== null),
        settings.join(),
      ).toBe(true)
      expect(
        samples.some((of) => unused(of) === null),
        settings.join(),
      ).toBe(true)
    }
  })

  it('say why in words', () => {
    fc.assert(
      fc.property(anyConfig, fc.constantFrom(...FIELDS.map(({ path }) => path)), (of, path) => {
        const reason = unusedReason(path, of)
        if (reason !== null) expect(reason).toMatch(/^not used( by|:| without) \S/)
      }),
    )
  })
})

describe('unusedReason', () => {
  it('hides what the default run does not use, and nothing else of it', () => {
    const hidden = FIELDS.filter(({ path }) => !visible(path, config())).map(({ path }) => path)
    expect(hidden).toEqual([
      'recordTasks',
      'environment.vasesConstrained',
      'inner.gradientRate',
      'inner.constraintUnit',
      'inner.pcpoProjection',
      ...['proportional', 'derivative', 'smoothing'].map((gain) => `inner.multiplier.${gain}`),
      'meta.rate',
      'meta.adamRate',
      'meta.criticRate',
      ...['proportional', 'derivative', 'smoothing'].map((gain) => `meta.lambda.${gain}`),
      ...['proportional', 'derivative', 'smoothing'].map((gain) => `meta.eta.${gain}`),
      ...within('preTraining'),
    ])
  })

  it('cpo has no task multiplier, but its outer gradient still has lambda (eq. 21)', () => {
    const cpo = config('inner.algorithm=cpo')
    for (const path of within('inner.multiplier')) expect(unusedReason(path, cpo)).toBe('not used by cpo')
    expect(visible('inner.constraintUnit', cpo)).toBe(true)
    expect(visible('inner.pcpoProjection', cpo)).toBe(false)
    expect(visible('meta.lambda.initial', cpo)).toBe(true)
    expect(unusedReason('fineTune.initialMultiplier', cpo)).toBe('not used by cpo')
  })

  it('a setting that only fine-tuning uses is used: trpo trained, trpo-lag fine-tuned', () => {
    const maml = config('inner.algorithm=trpo', 'fineTune.algorithm=trpo-lag')
    expect(visible('inner.multiplier.rate', maml)).toBe(true)
    expect(visible('inner.multiplier.rate', config('inner.algorithm=trpo'))).toBe(false)
    const without = config('inner.algorithm=trpo', 'fineTune.algorithm=trpo-lag', 'fineTune.tasks=0')
    expect(unusedReason('inner.multiplier.rate', without)).toBe('not used by trpo')
  })

  it('pre-training hides the outer loop and its inner batches; its fine-tuning still has the inner trust region', () => {
    const pre = config('method=pre-train')
    for (const path of within('meta').filter((path) => path !== 'meta.limitShare'))
      expect(unusedReason(path, pre)).toBe('not used by pre-training')
    for (const path of ['meta.limitShare', 'inner.kl', 'inner.backtracks', 'preTraining.kl', 'critics.minibatch'])
      expect(visible(path, pre)).toBe(true)
    expect(visible('inner.episodes', pre)).toBe(false)
    const alone = config('method=pre-train', 'fineTune.tasks=0')
    for (const path of ['inner.kl', 'inner.fisherStride', 'critics.epochs', 'tasks.heldOutTo', 'fineTune.steps'])
      expect(visible(path, alone)).toBe(false)
    for (const path of ['inner.backtracks', 'inner.trunkRate', 'tasks.trainingTo'])
      expect(visible(path, alone)).toBe(true)
  })

  it('fresh layouts need no training tasks', () => {
    const fresh = config('method=pre-train', 'preTraining.layouts=fresh', 'fineTune.tasks=0')
    for (const path of ['tasks.trainingFrom', 'tasks.arcDegrees'])
      expect(unusedReason(path, fresh)).toBe('not used: every batch has fresh layouts')
  })

  it('the optimisers and outer rules each have their own step', () => {
    const adam = config('meta.optimiser=adam')
    expect(visible('meta.adamRate', adam)).toBe(true)
    for (const path of ['meta.kl', 'meta.step', 'meta.rate', 'meta.damping', 'meta.finalKlShare'])
      expect(unusedReason(path, adam)).toBe('not used by adam')
    expect(visible('meta.rate', config('meta.optimiser=sgd'))).toBe(true)
    expect(visible('meta.rate', config('meta.step=kl-max'))).toBe(true)
    const reptile = config('meta.outerRule=reptile')
    expect(visible('meta.rate', reptile)).toBe(true)
    expect(unusedReason('meta.step', reptile)).toBe('not used by reptile')
    expect(visible('meta.damping', reptile)).toBe(true)
    expect(visible('meta.damping', config('meta.outerRule=reptile', 'meta.eta.mode=off'))).toBe(false)
  })

  it('the plain gradient step has no trust region; pid has gains; fixed multipliers do not move', () => {
    const gradient = config('inner.algorithm=gradient', 'meta.outerRule=maml')
    for (const path of ['inner.kl', 'inner.fisherStride', 'inner.backtrackRatio'])
      expect(unusedReason(path, gradient)).toBe('not used by gradient')
    expect(visible('inner.gradientRate', gradient)).toBe(true)
    expect(visible('meta.eta.derivative', config('meta.eta.update=pid'))).toBe(true)
    const fixed = config('meta.eta.mode=fixed', 'meta.eta.update=pid')
    for (const key of ['rate', 'signal', 'derivative', 'cap'])
      expect(unusedReason(`meta.eta.${key}`, fixed)).toBe('not used: eta is fixed')
    expect(visible('meta.eta.weight', fixed)).toBe(true)
    expect(visible('meta.eta.weight', config('meta.eta.mode=off'))).toBe(false)
  })

  it('the trained lambda matters where fine-tuning begins with it', () => {
    const assignments = ['inner.algorithm=cpo', 'meta.outerRule=reptile', 'fineTune.algorithm=trpo-lag']
    expect(unusedReason('meta.lambda.rate', config(...assignments))).toBe('not used by reptile with cpo')
    expect(visible('meta.lambda.rate', config(...assignments, 'fineTune.carryMultiplier=true'))).toBe(true)
  })
})
