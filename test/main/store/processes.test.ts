import Database from 'better-sqlite3'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'
import { databaseOfVersion1 } from '../../golden/version-1.ts'
import { temporaryFile, testStore } from './fixtures.ts'
import { iterationResult, stateAt, trainer } from './samples.ts'

type Script = 'train' | 'read' | 'collect'

function start(script: Script, ...args: string[]): ChildProcess {
  const file = fileURLToPath(new URL(`children/${script}.ts`, import.meta.url))
  const child = spawn(process.execPath, [file, ...args], { stdio: ['pipe', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

/** Lines printed so far; complete once `ended` has come. */
function follow(child: ChildProcess): { readonly lines: string[]; readonly ended: Promise<number | null> } {
  const lines: string[] = []
  createInterface({ input: child.stdout! }).on('line', (line) => lines.push(line))
  return { lines, ended: once(child, 'close').then(([code]) => code as number | null) }
}

function integrity(file: string): { check: unknown; orphans: unknown } {
  const raw = new Database(file)
  const result = { check: raw.pragma('integrity_check', { simple: true }), orphans: raw.pragma('foreign_key_check') }
  raw.close()
  return result
}

const WHOLE = { check: 'ok', orphans: [] }

it('opens a new database from many processes at once', async () => {
  const file = temporaryFile()
  const children = Array.from({ length: 6 }, () => follow(start('train', file, '2')))
  expect(await Promise.all(children.map(({ ended }) => ended))).toEqual([0, 0, 0, 0, 0, 0])
  const store = await testStore(file)
  expect(store.runs().map(({ done, status }) => `${done} ${status}`)).toEqual(Array(6).fill('2 completed'))
})

it('migrates an old database that many processes open at once', async () => {
  const file = temporaryFile()
  writeFileSync(file, databaseOfVersion1())
  const children = Array.from({ length: 4 }, () => follow(start('train', file, '2')))
  expect(await Promise.all(children.map(({ ended }) => ended))).toEqual([0, 0, 0, 0])
  expect(integrity(file)).toEqual(WHOLE)
  const store = await testStore(file)
  expect(store.runs()).toHaveLength(4 + 3)
  expect(store.run('training').done).toBe(3)
})

it('serves two writers, a reader and a garbage collector at once', async () => {
  const file = temporaryFile()
  const [reader, collector] = [start('read', file), start('collect', file)]
  const [reading, collecting] = [follow(reader), follow(collector)]
  const writers = [follow(start('train', file, '60')), follow(start('train', file, '60'))]
  expect(await Promise.all(writers.map(({ ended }) => ended))).toEqual([0, 0])
  for (const child of [reader, collector]) child.stdin!.end()
  expect(await Promise.all([reading.ended, collecting.ended])).toEqual([0, 0])
  expect(Number(reading.lines[0])).toBeGreaterThan(0)
  expect(Number(collecting.lines[0])).toBeGreaterThan(0)

  const store = await testStore(file)
  for (const { lines } of writers) {
    const id = lines[0]!
    expect(store.run(id)).toMatchObject({ done: 60, status: 'completed' })
    expect(store.resumeState(id)).toEqual(stateAt(60))
    expect(store.checkpoints(id).map(({ iteration }) => iteration)).toEqual([
      60, 60, 57, 54, 51, 48, 45, 42, 39, 36, 33, 30, 27, 24, 21, 18, 15, 12, 9, 6, 3,
    ])
    for (const { id: checkpoint, iteration } of store.checkpoints(id))
      expect(store.readCheckpoint(checkpoint).state).toEqual(stateAt(iteration))
  }
  expect(integrity(file)).toEqual(WHOLE)
})

it.each([0, 7, 31, 64])('loses nothing that was committed when killed (%i ms into the storm)', async (delay) => {
  const file = temporaryFile()
  const child = start('train', file, '0')
  const { lines, ended } = follow(child)
  while (lines.length < 5) await setTimeout(5)
  await setTimeout(delay)
  child.kill('SIGKILL')
  await ended
  const [id = '', ...acknowledged] = lines

  expect(integrity(file)).toEqual(WHOLE)
  const store = await testStore(file)
  const { done, status } = store.run(id)
  expect(status).toBe('interrupted')
  // The process may have died between its last commit and the word about it.
  expect([0, 1]).toContain(done - Number(acknowledged.at(-1)))
  expect(store.iterations(id)).toHaveLength(done)
  expect(store.resumeState(id)).toEqual(stateAt(done))
  expect(store.resumeRun(id, trainer).status).toBe('running')
  expect(store.logAfter(id, null, 10).map(({ text }) => text)).toContainEqual(
    expect.stringMatching(new RegExp(`^Interrupted after ${done} of .* ended without a word`)),
  )
  store.commitIteration(id, iterationResult(done + 1), false)
  expect(store.run(id).done).toBe(done + 1)
})
