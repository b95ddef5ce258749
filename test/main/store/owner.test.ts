import { spawnSync } from 'node:child_process'
import { hostname } from 'node:os'
import { expect, it } from 'vitest'
import { isAlive } from '../../../src/main/store/owner.ts'
import { HEARTBEAT_MS } from '../../../src/main/store/store.ts'

const now = 1_800_000_000_000
const here = { pid: process.pid, host: hostname() }

it('believes in an owner that is there and gave a sign of life', () => {
  expect(isAlive(here, now - HEARTBEAT_MS, now)).toBe(true)
  expect(isAlive(here, now - 100 * HEARTBEAT_MS, now)).toBe(false)
})

it('sees at once that a process of this machine is gone', () => {
  const { pid } = spawnSync(process.execPath, ['--version'])
  expect(isAlive({ pid, host: hostname() }, now, now)).toBe(false)
  // What lives on another machine cannot be seen from here; only its silence counts.
  expect(isAlive({ pid, host: 'elsewhere' }, now, now)).toBe(true)
})
