import { describe, expect, it } from 'vitest'
import { parseRunConfig } from '../../../../src/core/config/parse.ts'
import { arms, INITIALISATION_ARM_IDS } from '../../../../src/core/study/plan/arms.ts'
import { loadConfigurationSource, resolveConfiguration } from '../../../../src/main/services/configuration.ts'
import { correctedLabel, initialisationLabel } from '../../../../src/core/study/plan/initialisation-label.ts'

const off = { mode: 'off' }

describe('initialisationLabel', () => {
  it.each([
    ['quickstart', 'C-MAML'],
    ['environment-2-cpo', 'C-MAML'],
    ['maml', 'MAML'],
    ['pre-trained', 'pre-trained'],
    ['single-task', 'pre-trained'],
    ['omnisafe/cpo', 'pre-trained'],
  ])('a policy of the preset %s is %s', (preset, label) => {
    expect(initialisationLabel(resolveConfiguration(loadConfigurationSource(preset), []))).toBe(label)
  })

  it.each<[string, object, string]>([
    ['without the safety term', { meta: { eta: off } }, 'C-MAML, eta = 0'],
    ['with the safety term held at zero', { meta: { eta: { mode: 'fixed', initial: 0 } } }, 'C-MAML, eta = 0'],
    ['with the printed safety term', { meta: { eta: { weight: 'literal' } } }, 'C-MAML, eq. 14 as printed'],
    ['unconstrained inside only', { inner: { algorithm: 'trpo' } }, 'C-MAML'],
    ['unconstrained but for lambda', { inner: { algorithm: 'trpo' }, meta: { eta: off } }, 'C-MAML, eta = 0'],
    ['constrained inside only', { inner: { algorithm: 'cpo' }, meta: { eta: off, lambda: off } }, 'C-MAML, eta = 0'],
    ['unconstrained', { inner: { algorithm: 'trpo' }, meta: { eta: off, lambda: off } }, 'MAML'],
  ])('%s', (_, settings, label) => {
    expect(initialisationLabel(parseRunConfig(settings))).toBe(label)
  })

  it.each(['fomaml', 'maml'] as const)('says what the arms of studies under %s say', (outerRule) => {
    const context = { algorithm: outerRule === 'maml' ? 'gradient' : 'trpo-lag', outerRule } as const
    for (const arm of INITIALISATION_ARM_IDS) {
      const { training, label } = arms[arm]
      if (training === null || arm.startsWith('pre-trained-')) continue
      const settings = training({ ...context, costLimit: 5, presetCostLimit: 5, firstTrainingTask: 3 })
      expect(initialisationLabel(parseRunConfig(settings))).toBe(label)
    }
  })
})

describe('correctedLabel', () => {
  const preTrained = parseRunConfig({ method: 'pre-train' })
  it.each([
    ['C-MAML', 'pre-trained'],
    ['C-MAML (first)', 'pre-trained (first)'],
    ['C-MAML, eta = 0', 'C-MAML, eta = 0'],
    ['pre-trained, short', 'pre-trained, short'],
  ])('%s of a pre-training is %s', (stored, label) => {
    expect(correctedLabel(stored, preTrained)).toBe(label)
  })

  it('leaves what was right', () => {
    for (const label of ['C-MAML', 'C-MAML (first)']) expect(correctedLabel(label, parseRunConfig({}))).toBe(label)
  })
})
