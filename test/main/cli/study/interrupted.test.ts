// Studies that end early, go on, or meet others at their work.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { appVersion } from '../../../../src/main/services/database.ts'
import { openStore } from '../../../../src/main/store/open.ts'
import { cmaml, startCmaml } from '../cmaml.ts'
import { expectFiles, readOutcome, studyFolder } from './fixtures.ts'

const { home, db, outOf, argumentsOf, study } = studyFolder()

/** Long enough to be interrupted. */
const LONG = ['--arms', 'c-maml,random', '--set', 'meta.iterations=60']

describe('an interrupted study', () => {
  it('draws what it has on Ctrl-C, says that it is partial, and goes on', async () => {
    const args = ['--arms', 'c-maml,random', '--seeds', '6', '--tasks', '1..30', '--set', 'fineTune.steps=10']
    const run = startCmaml(home, ...argumentsOf('figure-4', args))
    await run.saw('"type":"progress","phase":"fine-tuning"', 4)
    run.child.kill('SIGINT')
    const { code, stdout } = await run.result
    expect(code).toBe(130)
    const stopped = readOutcome(stdout)
    const { partial, done, total, notes } = stopped.result
    expect({ partial, total }).toEqual({ partial: true, total: 60 })
    expect(done).toBeGreaterThanOrEqual(3)
    expect(done).toBeLessThan(60)
    expect(notes[0]).toContain(`Partial: ${done} of 60`)
    expectFiles(stopped, 'figure-4')

    const resumed = await study('figure-4', ...args)
    expect(resumed.units.map(({ state }) => state)).toEqual(['completed', 'unfinished', 'new'])
    expect(resumed.units[1]!.done).toBe(done)
    expect(resumed.result).toMatchObject({ partial: false, done: 60 })
  })

  it('goes on after kill -9', async () => {
    const args = [...LONG, '--seeds', '5']
    const run = startCmaml(home, ...argumentsOf('figure-4', args))
    await run.saw('"type":"progress"', 6)
    run.child.kill('SIGKILL')
    await run.result
    const { units, result } = await study('figure-4', ...args)
    expect(units[0]).toMatchObject({ phase: 'training', arm: 'c-maml', state: 'unfinished' })
    expect(units[0]!.done).toBeGreaterThanOrEqual(5)
    expect(units.slice(1).map(({ state }) => state)).toEqual(['new', 'new'])
    expect(result).toMatchObject({ partial: false, done: 8 })
  })
})

describe('a study whose training another living process does', () => {
  it('says so and leaves the figures that are there as they are', async () => {
    const store = await openStore(db, { appVersion, mode: 'existing' })
    const before = readFileSync(join(outOf('figure-4'), 'study.json'), 'utf8')
    try {
      const like = store.runs({ kind: 'train' }).find(({ seed }) => seed === 5)!
      const { config, trainer, total } = store.run(like.id)
      const mine = store.createRun({ kind: 'train', name: 'mine', config: { ...config, seed: 7 }, trainer, total })
      // Seed 5 is done, so that some results are there already.
      for (const seeds of ['7', '5,7']) {
        const args = [...LONG, '--seeds', seeds]
        const { code, stdout, stderr } = await cmaml(home, ...argumentsOf('figure-4', args))
        expect(code).toBe(1)
        expect(stdout).toBe('')
        expect(stderr).toContain(`Run ${mine.id} (mine), in progress in process ${process.pid} on `)
        const elsewhere = join(home, `out-busy-${seeds}`)
        await cmaml(home, ...argumentsOf('figure-4', [...args, '--out', elsewhere]))
        expect(existsSync(elsewhere)).toBe(false)
      }
      store.finishRun(mine.id, { status: 'stopped' })
      store.deleteRun(mine.id)
    } finally {
      store.close()
    }
    expect(readFileSync(join(outOf('figure-4'), 'study.json'), 'utf8')).toBe(before)
  })
})
