import { describe, expect, it } from 'vitest'
import { cautions, parseInits, planFromOrder, type StudyOrder } from '../../../../src/main/services/study/prepare.ts'

const order = (changes: Partial<StudyOrder> = {}): StudyOrder => ({ study: 'figure-4', scale: 'smoke', ...changes })

describe('the plan of an order', () => {
  it('trains every arm under its own settings and fine-tunes all alike', () => {
    const plan = planFromOrder(order({ study: 'figure-5', seeds: [4], set: ['inner.kl=0.05'] }))
    const methods = plan.trainings.map(({ arm, config }) => [
      arm,
      config.method,
      config.inner.algorithm,
      config.costLimit,
    ])
    expect(methods).toEqual([
      ['c-maml', 'meta', 'cpo', 10],
      ['pre-trained', 'pre-train', 'cpo', 10],
      ['maml', 'meta', 'trpo', 5],
    ])
    const protocols = plan.fineTunings.map(({ config }) => [
      config.inner.algorithm,
      config.costLimit,
      config.seed,
      config.inner.kl,
    ])
    expect(protocols).toEqual(Array(4).fill(['cpo', 10, 4, 0.05]))
  })

  it('trains on Environment 1 in the batches that were measured', () => {
    const plan = planFromOrder(order({ study: 'figure-13', scale: 'small', seeds: [1] }))
    const batches = plan.trainings.map(({ arm, config: { method, meta, preTraining } }) => [
      arm,
      method === 'meta' ? meta.tasksPerIteration : preTraining.tasksPerIteration,
    ])
    expect(batches).toEqual([
      ['c-maml', 20],
      ['pre-trained', 20],
    ])
  })

  it('takes held-out tasks apart from training tasks', () => {
    const held = planFromOrder(order({ tasks: 'held-out' }))
    expect(held.tasks).toHaveLength(4)
    expect(Math.min(...held.tasks)).toBeGreaterThan(held.config.tasks.trainingTo)
    expect(planFromOrder(order({ tasks: [7, 7, 9] })).tasks).toEqual([7, 9])
  })

  it('makes every combination of a sweep an arm, lists as values included', () => {
    const sweep = ['meta.kl=0.01,0.02', 'inner.algorithm=cpo,trpo-lag']
    const plan = planFromOrder(order({ arms: ['c-maml'], sweep, seeds: [1] }))
    expect(plan.arms.map(({ id }) => id)).toHaveLength(5)
    const variant = plan.trainings.find(({ arm }) => arm === 'c-maml (meta.kl=0.02, inner.algorithm="cpo")')!
    expect([variant.config.meta.kl, variant.config.inner.algorithm]).toEqual([0.02, 'cpo'])
  })

  it.each<[string, Partial<StudyOrder>, RegExp]>([
    ['an unknown study', { study: 'figur-4' }, /no study "figur-4".*Did you mean "figure-4"/],
    ['an unknown scale', { scale: 'smal' }, /no scale "smal".*Did you mean "small"/],
    ['an unknown arm', { arms: ['cmaml'] }, /no arm "cmaml".*Did you mean "c-maml"/],
    ['a misspelt setting', { set: ['inner.kll=0.1'] }, /inner\.kll is not a setting.*Did you mean "inner\.kl"/],
    ['no constraint by an infinite limit', { set: ['costLimit=Infinity'] }, /inner\.algorithm=trpo, or the arm maml/],
    ['a limit beyond all numbers', { set: ['costLimit=1e309'] }, /costLimit must be a finite number/],
    ['a limit that is finite, but too large', { set: ['costLimit=1e308'] }, /costLimit is 1e\+308; allowed/],
    ['a negative limit', { set: ['costLimit=-1'] }, /costLimit is -1; allowed: a number >= 0/],
    ['a seed as a setting', { set: ['seed=3'] }, /name the seeds by --seeds/],
    ['another world', { set: ['environment.world=environment-1'] }, /every study has its own/],
    ['running observation scaling', { set: ['observationScaling=running'] }, /a study needs affine or proximity/],
    [
      'arms that become the same',
      { study: 'figure-3', set: ['meta.eta.mode=off'] },
      /c-maml-no-eta are the same training/,
    ],
    ['no tasks', { set: ['tasks.arcDegrees=0.001'] }, /The study has no tasks/],
    ['an unknown engine', { set: ['engine=tfjs/webgl'] }, /engine is "?tfjs\/webgl"?; allowed: .*simd.*tfjs\/webgpu/],
    ['a sweep of the engine', { sweep: ['engine=simd,tfjs/wasm'] }, /engine cannot be swept.*cmaml bench engines/],
    ['a sweep of the limit', { sweep: ['costLimit=1,2'] }, /costLimit cannot be swept/],
    ['a sweep of the protocol', { sweep: ['fineTune.steps=1,2'] }, /fineTune\.steps cannot be swept/],
    ['a sweep of the layers', { sweep: ['policy.hidden=[8],[16,16]'] }, /policy\.hidden cannot be swept/],
    ['a sweep of no setting', { sweep: ['meta.kll=1'] }, /meta\.kll is not a setting.*Did you mean/],
    ['a sweep without values', { sweep: ['meta.kl'] }, /not of the form key=a,b/],
    ['a swept value out of bounds', { sweep: ['meta.kl=0.1,-1'] }, /meta\.kl is -1; allowed/],
    ['a sweep without C-MAML', { sweep: ['meta.kl=0.1'], arms: ['random'] }, /not among the arms/],
    ['arms of a study of layouts', { study: 'tasks', arms: ['random'] }, /it has no arms/],
  ])('refuses %s', (_, changes, message) => {
    expect(() => planFromOrder(order(changes))).toThrow(message)
  })
})

describe('given starts', () => {
  const plan = planFromOrder(order())

  it('are read by arm', () => {
    expect([...parseInits(plan, ['c-maml=a=b', 'maml=x'])]).toEqual([
      ['c-maml', 'a=b'],
      ['maml', 'x'],
    ])
  })

  it.each([
    ['c-maml', /not of the form ARM=CHECKPOINT/],
    ['random=x', /nothing is trained/],
    ['c-maml-no-eta=x', /has no such arm/],
    ['cmaml=x', /Did you mean "c-maml"/],
  ])('refuse %s', (text, message) => {
    expect(() => parseInits(plan, [text])).toThrow(message)
  })

  it('refuse an arm twice', () => {
    expect(() => parseInits(plan, ['maml=a', 'maml=b'])).toThrow('is given twice')
  })
})

it('warns of what the numbers cannot show', () => {
  const plan = planFromOrder(order({ seeds: [1], tasks: [7], set: ['fineTune.steps=0', 'costLimit=0'] }))
  const notes = cautions(plan).join('\n')
  for (const words of ['mean nothing', 'One seed only', 'One task only', 'nothing is adapted', 'any cost at all'])
    expect(notes).toContain(words)
})

it.each<[string, Partial<StudyOrder>]>([
  ['a study', { set: ['environment.horizon=60', 'costLimit=60'] }],
  ['a validation', { study: 'omnisafe-point-goal-1', set: ['costLimit=40'] }],
])('warns of %s whose limit no episode can reach', (_, changes) => {
  expect(cautions(planFromOrder(order(changes))).join('\n')).toMatch(/costs \d+ at most: the limit never binds/)
})

it('says nothing of a limit that an episode can break', () => {
  const plan = planFromOrder(order({ set: ['environment.horizon=60', 'costLimit=59'] }))
  expect(cautions(plan).join()).not.toContain('never binds')
})

it('leaves out what of a sweep repeats another arm, and says so', () => {
  const sweep = ['meta.kl=0.03,0.030,0.05,0.050']
  const plan = planFromOrder(order({ study: 'figure-3', sweep }))
  expect(plan.arms.map(({ id }) => id)).toEqual(['c-maml', 'c-maml (meta.kl=0.05)', 'c-maml-no-eta'])
  expect(plan.study.title).toBe('C-MAML, C-MAML (meta.kl=0.05) and C-MAML, eta = 0: meta-training and fine-tuning')
  const notes = cautions(plan).join('\n')
  expect(notes).toContain('C-MAML (meta.kl=0.03) is left out: its training is that of C-MAML.')
  const off = planFromOrder(order({ study: 'figure-3', sweep: ['meta.eta.mode=off'] }))
  expect(off.arms.map(({ id }) => id)).toEqual(['c-maml', 'c-maml-no-eta'])
  expect(cautions(off).join()).toContain('its training is that of C-MAML, eta = 0.')
})

it('says that a given start is one training, whatever the number of seeds', () => {
  const plan = planFromOrder(order({ seeds: [1, 2] }))
  const notes = cautions(plan, parseInits(plan, ['c-maml=a', 'maml=b']).keys()).join('\n')
  for (const arm of ['c-maml', 'maml']) expect(notes).toContain(`${arm} is one training, fine-tuned with 2 seeds`)
  expect(cautions(plan).join()).not.toContain('one training')
})
