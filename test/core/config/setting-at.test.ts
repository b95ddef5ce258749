import { expect, it } from 'vitest'
import { settingAt } from '../../../src/core/config/setting-at.ts'

it('finds settings and sections by their path, and nothing that is inherited', () => {
  const config = { meta: { lambda: { initial: 0 } }, policy: { hidden: [64, 32] }, seed: null }
  expect(settingAt(config, 'meta.lambda.initial')).toBe(0)
  expect(settingAt(config, 'meta.lambda')).toEqual({ initial: 0 })
  expect(settingAt(config, 'policy.hidden')).toEqual([64, 32])
  expect(settingAt(config, 'seed')).toBeNull()
  for (const path of [
    'seed.x',
    'policy.hidden.1',
    'policy.hidden.length',
    'meta.lambda.cap',
    'constructor',
    'meta.toString',
    '',
    'meta.',
  ]) {
    expect(settingAt(config, path), path).toBeUndefined()
  }
})
