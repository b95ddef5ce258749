import { mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished, vi } from 'vitest'
import { changedCircumstance, circumstancesOf } from '../../../../src/main/services/engines/circumstances.ts'
import { temporaryFolder } from '../../store/fixtures.ts'

it('an engine’s package and the drivers of its device are among them, for the engines that have any', () => {
  const folder = temporaryFolder()
  vi.stubEnv('CMAML_ENGINES', folder)
  onTestFinished(() => void vi.unstubAllEnvs())
  const driver = join(folder, 'driver.json')
  const look = () => circumstancesOf('tfjs/webgpu', { VK_DRIVER_FILES: driver })
  const absent = look()
  writeFileSync(driver, '{}')
  expect(changedCircumstance(absent, look())).toMatch(/^the list of Vulkan drivers was .*\(not there\) and is /)
  const old = look()
  utimesSync(driver, 1, 1)
  expect(changedCircumstance(old, look())).toContain('1970')

  const place = join(folder, 'node_modules/webgpu')
  mkdirSync(place, { recursive: true })
  writeFileSync(join(place, 'package.json'), '{ "version": "0.6.2" }')
  expect(look()).toMatchObject({ webgpu: '0.6.2' })
  expect(changedCircumstance(look(), look())).toBeNull()
  expect(Object.keys(circumstancesOf('tfjs/wasm'))).toEqual(['C-MAML Studio'])
})
