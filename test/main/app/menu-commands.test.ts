import { expect, test } from 'vitest'
import { createMenuCommands } from '../../../src/main/app/menu-commands.ts'

test('every follower hears what is sent, in order, until its signal', async () => {
  const commands = createMenuCommands()
  const end = new AbortController()
  const first = commands.follow(end.signal)
  const second = commands.follow(new AbortController().signal)
  const heard = [first.next(), second.next()]
  commands.send({ command: 'go.new-run' })
  commands.send({ command: 'go.queue' })
  expect(await Promise.all(heard)).toEqual(Array(2).fill({ done: false, value: { command: 'go.new-run' } }))
  expect(await first.next()).toEqual({ done: false, value: { command: 'go.queue' } })
  const last = first.next()
  end.abort()
  expect(await last).toEqual({ done: true, value: undefined })
  expect(await second.next()).toEqual({ done: false, value: { command: 'go.queue' } })
})

test('the last command before anybody listens is kept for the first who does, once', async () => {
  const commands = createMenuCommands()
  commands.send({ command: 'go.runs' })
  commands.send({ command: 'runs.open', argument: 'r1' })
  const page = commands.follow(new AbortController().signal)
  expect((await page.next()).value).toEqual({ command: 'runs.open', argument: 'r1' })
  const later = commands.follow(new AbortController().signal).next()
  commands.send({ command: 'go.settings' })
  expect((await later).value).toEqual({ command: 'go.settings' })
})
