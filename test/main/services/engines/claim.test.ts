import { existsSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
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

it('excludes nobody where it cannot be written', () => {
  const place = join(file(), 'engines.lock')
  writeFileSync(join(place, '..'), 'no folder')
  claimEngines('timing the engines', place)()
})
