import { expect, test } from 'vitest'
import { groupCommands, searchCommands } from '../../../src/renderer/shell/palette-search.ts'
import type { Command } from '../../../src/renderer/stores/commands.ts'

const command = (id: string, title: string, group: string, words?: string): Command => {
  return { id, title, group, run: () => {}, ...(words === undefined ? {} : { words }) }
}
const commands = [
  command('go.runs', 'Go to Runs', 'Go'),
  command('go.queue', 'Go to Queue', 'Go'),
  command('runs.delete', 'Delete the selected runs', 'Runs'),
  command('runs.diff', 'Compare configurations', 'Runs', 'diff difference'),
  command('theme.dark', 'Dark theme', 'View', 'colours'),
]
const ids = (found: readonly Command[]): string[] => found.map(({ id }) => id)

test('without a text the recent ones come first, the others as they were declared', () => {
  expect(ids(searchCommands(commands, ' ', ['theme.dark', 'go.queue', 'gone']))).toEqual([
    'theme.dark',
    'go.queue',
    'go.runs',
    'runs.delete',
    'runs.diff',
  ])
})

test('a text finds titles with a letter missing, and further words', () => {
  expect(ids(searchCommands(commands, 'delte', []))[0]).toBe('runs.delete')
  expect(ids(searchCommands(commands, 'diff', []))[0]).toBe('runs.diff')
  expect(ids(searchCommands(commands, 'colours', []))).toEqual(['theme.dark'])
  expect(searchCommands(commands, 'zebra', [])).toEqual([])
})

test('of equally good ones the recent one is first', () => {
  expect(ids(searchCommands(commands, 'go to', ['go.queue'])).slice(0, 2)).toEqual(['go.queue', 'go.runs'])
  expect(ids(searchCommands(commands, 'go to', ['go.runs'])).slice(0, 2)).toEqual(['go.runs', 'go.queue'])
})

test('groups keep the order of their first command', () => {
  expect(groupCommands(commands).map(({ group, commands: members }) => [group, members.length])).toEqual([
    ['Go', 2],
    ['Runs', 2],
    ['View', 1],
  ])
})
