import { expect, it } from 'vitest'
import { defaultDatabasePath } from '../../../src/main/store/location.ts'

it.each<[NodeJS.Platform, Record<string, string>, string, string]>([
  ['linux', {}, '/home/a', '/home/a/.local/share/cmaml-studio/cmaml.sqlite'],
  ['linux', { XDG_DATA_HOME: '/data' }, '/home/a', '/data/cmaml-studio/cmaml.sqlite'],
  ['linux', { XDG_DATA_HOME: 'relative' }, '/home/a', '/home/a/.local/share/cmaml-studio/cmaml.sqlite'],
  ['linux', { XDG_DATA_HOME: '' }, '/home/a', '/home/a/.local/share/cmaml-studio/cmaml.sqlite'],
  ['darwin', { XDG_DATA_HOME: '/data' }, '/Users/a', '/Users/a/Library/Application Support/C-MAML Studio/cmaml.sqlite'],
  ['win32', { APPDATA: 'D:\\Roaming' }, 'C:\\Users\\a', 'D:\\Roaming\\C-MAML Studio\\cmaml.sqlite'],
  ['win32', {}, 'C:\\Users\\a', 'C:\\Users\\a\\AppData\\Roaming\\C-MAML Studio\\cmaml.sqlite'],
  ['linux', { CMAML_DB: 'here.sqlite', XDG_DATA_HOME: '/data' }, '/home/a', 'here.sqlite'],
  ['win32', { CMAML_DB: 'E:\\runs.sqlite' }, 'C:\\Users\\a', 'E:\\runs.sqlite'],
])('the database lies at the right place on %s with %o', (platform, env, home, expected) => {
  expect(defaultDatabasePath(env, platform, home)).toBe(expected)
})
