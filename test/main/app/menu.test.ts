import type { MenuItemConstructorOptions } from 'electron'
import { expect, test } from 'vitest'
import { menuTemplate } from '../../../src/main/app/menu.ts'

const PLATFORMS = ['darwin', 'linux', 'win32'] as const

function items(platform: NodeJS.Platform, send: (command: string) => void = () => {}): MenuItemConstructorOptions[] {
  const flat = (template: MenuItemConstructorOptions[]): MenuItemConstructorOptions[] =>
    template.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? flat(item.submenu) : [])])
  return flat(menuTemplate({ appName: 'C-MAML Studio', platform, developer: false, send }))
}

test.each(PLATFORMS)('on %s every command is there once and sends itself', (platform) => {
  const sent: string[] = []
  const commands = items(platform, (command) => sent.push(command)).filter(({ id }) => id !== undefined)
  for (const { click } of commands) (click as () => void)()
  expect(sent).toEqual(commands.map(({ id }) => id))
  expect(new Set(sent).size).toBe(sent.length)
  expect(sent).toContain('go.settings')
  expect(sent).toContain('help.about')
})

test.each(PLATFORMS)('on %s no two items share an accelerator', (platform) => {
  const keys = items(platform).flatMap(({ accelerator }) => (accelerator === undefined ? [] : [accelerator]))
  expect(new Set(keys).size).toBe(keys.length)
})

test.each(PLATFORMS)('on %s one can quit, and an installed app has no developer tools', (platform) => {
  const roles = items(platform).map(({ role }) => role)
  expect(roles.filter((role) => role === 'quit')).toHaveLength(1)
  expect(roles).not.toContain('toggleDevTools')
})
