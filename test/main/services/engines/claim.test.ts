import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { claimEngines } from '../../../../src/main/services/engines/claim.ts'
import { temporaryFolder } from '../../store/fixtures.ts'

const file = () => join(temporaryFolder(), 'engines.lock')
const of = (pid: number) => JSON.stringify({ pid, what: 'timing the engines' })

it('is one process’s at a time, and given back', () => {
  const place = file()
  const giveBack = claimEngines('timing the engines', place)
  expect(() => claimEngines('installing the engine gpu', place)).toThrow(
    `Process ${process.pid} is timing the engines at the moment. Try again when it has ended.`,
  )
  giveBack()
  claimEngines('installing the engine gpu', place)()
  expect(existsSync(place)).toBe(false)
})

it('is refused while another process lives, not after its end', () => {
  const place = file()
  writeFileSync(place, of(process.ppid))
  expect(() => claimEngines('timing the engines', place)).toThrow(`Process ${process.ppid} is`)
  const longAgo = new Date(Date.now() - 2 * 86_400_000)
  utimesSync(place, longAgo, longAgo)
  claimEngines('timing the engines', place)()
  // Of a process that is gone, of one before that had this one's id, and damaged.
  for (const text of [of(2 ** 30), of(process.pid), '{']) {
    writeFileSync(place, text)
    claimEngines('timing the engines', place)()
  }
})

it('is never won by two that find the claim of a dead process', () => {
  const place = file()
  const programs = ['one', 'two', 'three', 'four']
  const source = new URL('../../../../src/main/services/engines/claim.ts', import.meta.url).href
  const program = `
    const { claimEngines } = await import(${JSON.stringify(source)})
    process.on('message', () => {
      try { claimEngines(process.argv[1], ${JSON.stringify(place)}); process.send('won') } catch { process.send('refused') }
    })
    process.send('ready')`
  return raced(place, program, programs)
})

it('is taken although a process died while it removed a stale one', () => {
  const place = file()
  writeFileSync(place, of(2 ** 30))
  const turn = `${place}.removal`
  writeFileSync(turn, '')
  expect(() => claimEngines('timing the engines', place)).toThrow('Other processes are at')
  const aWhileAgo = new Date(Date.now() - 60_000)
  utimesSync(turn, aWhileAgo, aWhileAgo)
  claimEngines('timing the engines', place)()
  expect(readdirSync(dirname(place))).toEqual([])
})

async function raced(place: string, program: string, names: readonly string[]): Promise<void> {
  const children = names.map((name) =>
    spawn(process.execPath, ['--input-type=module', '-e', program, name], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    }),
  )
  const answers = () => Promise.all(children.map(async (child) => ((await once(child, 'message')) as [string])[0]))
  try {
    await answers()
    for (let round = 0; round < 20; round++) {
      writeFileSync(place, of(2 ** 30))
      const answered = answers()
      children.forEach((child) => child.send('go'))
      expect((await answered).filter((answer) => answer === 'won')).toHaveLength(1)
      expect(readdirSync(dirname(place))).toEqual(['engines.lock'])
    }
  } finally {
    children.forEach((child) => child.kill())
  }
}

it('that was taken away is not given back over the one in its place', () => {
  const place = file()
  const giveBack = claimEngines('timing the engines', place)
  writeFileSync(place, of(process.ppid))
  giveBack()
  expect(existsSync(place)).toBe(true)
})

it('excludes nobody where it cannot be written', () => {
  const place = join(file(), 'engines.lock')
  writeFileSync(join(place, '..'), 'no folder')
  claimEngines('timing the engines', place)()
})
