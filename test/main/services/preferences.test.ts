import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { configurationFolder, createPreferences, DEFAULT_PREFERENCES } from '../../../src/main/services/preferences.ts'
import { temporaryFolder } from '../store/fixtures.ts'

async function started(folder: string) {
  const preferences = createPreferences(folder)
  await preferences.start()
  return preferences
}

describe('preferences', () => {
  it('are the defaults at first, survive the program, and tell who listens', async () => {
    const folder = join(temporaryFolder(), 'not', 'there')
    const preferences = await started(folder)
    expect(preferences.current()).toEqual(DEFAULT_PREFERENCES)
    expect(existsSync(folder)).toBe(false)
    const heard: unknown[] = []
    const end = preferences.onChange((now) => heard.push(now.workers))
    expect(preferences.set({ workers: 3, theme: 'dark' })).toEqual({
      ...DEFAULT_PREFERENCES,
      workers: 3,
      theme: 'dark',
    })
    end()
    preferences.set({ workers: null })
    expect(heard).toEqual([3])
    expect((await started(folder)).current()).toEqual({ ...DEFAULT_PREFERENCES, theme: 'dark' })
    expect(readdirSync(folder)).toEqual(['preferences.json'])
  })

  it('refuse what is not allowed and stay as they were', async () => {
    const preferences = await started(temporaryFolder())
    preferences.set({ workers: 2 })
    expect(() => preferences.set({ workers: 0 })).toThrow(/workers/)
    expect(() => preferences.set({ databaseFile: 'runs.sqlite' })).toThrow(/whole path.*databaseFile/s)
    expect(preferences.current().workers).toBe(2)
    expect(JSON.parse(readFileSync(preferences.file, 'utf8'))).toMatchObject({ workers: 2 })
  })

  it.each([
    ['no JSON', '{"theme": "da'],
    ['a value that is not allowed', '{"theme": "pink"}'],
    ['no object', '[]'],
  ])('set a damaged file aside (%s) and say so', async (_, content) => {
    const folder = temporaryFolder()
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'preferences.json'), content)
    const preferences = await started(folder)
    expect(preferences.current()).toEqual(DEFAULT_PREFERENCES)
    const aside = join(folder, 'preferences.json.damaged')
    expect(preferences.problem()).toContain(aside)
    expect(readFileSync(aside, 'utf8')).toBe(content)
    preferences.set({ notifications: false })
    const again = await started(folder)
    expect([again.problem(), again.current().notifications]).toEqual([null, false])
  })

  it('fill in what an older version did not write', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'preferences.json'), '{"theme": "light"}')
    expect((await started(folder)).current()).toEqual({ ...DEFAULT_PREFERENCES, theme: 'light' })
  })
})

it.each([
  ['linux', {}, '/home/a/.config/cmaml-studio'],
  ['linux', { XDG_CONFIG_HOME: '/etc/xdg' }, '/etc/xdg/cmaml-studio'],
  ['linux', { XDG_CONFIG_HOME: 'relative' }, '/home/a/.config/cmaml-studio'],
  ['darwin', {}, '/home/a/Library/Application Support/C-MAML Studio'],
  ['win32', { APPDATA: 'D:\\a' }, 'D:\\a\\C-MAML Studio'],
  ['linux', { CMAML_CONFIG_DIR: '/chosen', XDG_CONFIG_HOME: '/etc/xdg' }, '/chosen'],
] as const)('lie in the user’s configuration folder: %s %o', (platform, env, folder) => {
  expect(configurationFolder(env, platform, '/home/a')).toBe(folder)
})
