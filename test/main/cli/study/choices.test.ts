// What can be chosen of a study, and what cannot.
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { appVersion } from '../../../../src/main/services/database.ts'
import { openStore } from '../../../../src/main/store/open.ts'
import { cmaml } from '../cmaml.ts'
import { fresh, studyFolder } from './fixtures.ts'

const { home, db, argumentsOf, study } = studyFolder()

describe('choices of a study', () => {
  it('sweeps settings of C-MAML, each combination an arm', async () => {
    await study('figure-4', '--arms', 'c-maml', '--seeds', '1')
    const sweep = ['--sweep', 'meta.kl=0.02,0.04', '--arms', 'c-maml', '--seeds', '1']
    const outcome = await study('figure-4', ...sweep)
    const variants = ['c-maml (meta.kl=0.02)', 'c-maml (meta.kl=0.04)']
    expect(outcome.result.arms.map(({ id }) => id)).toEqual(['c-maml', ...variants])
    expect(fresh(outcome)).toEqual(
      ['training', 'fine-tuning'].flatMap((phase) => variants.map((arm) => `${phase} ${arm}`)),
    )
  })

  it('takes what "cmaml train" has made, and a given checkpoint instead of trainings', async () => {
    const settings = ['environment.horizon=40', 'policy.hidden=[8,8]', 'inner.episodes=2', 'meta.iterations=2']
    const set = [...settings, 'meta.tasksPerIteration=2', 'milestoneEvery=1'].flatMap((text) => ['--set', text])
    const name = ['--seed', '8', '--name', 'mine']
    const trained = await cmaml(home, 'train', 'environment-2', ...set, ...name, '--no-finetune', '--db', db)
    expect(trained.code).toBe(0)
    const reused = await study('figure-4', '--arms', 'c-maml', '--seeds', '8')
    expect(reused.units.map(({ phase, state }) => [phase, state])).toEqual([
      ['training', 'completed'],
      ['fine-tuning', 'new'],
    ])
    const given = await study(
      'figure-4',
      '--arms',
      'c-maml',
      '--seeds',
      '8,9',
      '--init',
      'c-maml=mine',
      '--set',
      'fineTune.steps=0',
    )
    expect(given.units.map(({ phase }) => phase)).toEqual(['fine-tuning', 'fine-tuning'])
    expect(given.result.arms[0]!.given?.run).toBe(reused.units[0]!.run)
    expect(given.result.notes.join()).toContain('nothing is adapted')
    expect(given.result.notes.join()).toContain('c-maml is one training, fine-tuned with 2 seeds')
  })

  it('trains MAML by second-order gradients without any constraint', async () => {
    const set = ['meta.outerRule=maml', 'inner.algorithm=gradient'].flatMap((text) => ['--set', text])
    const { units, result } = await study('figure-4', ...set, '--seeds', '1', '--arms', 'c-maml,maml')
    expect(result).toMatchObject({ title: 'Two initialisations, fine-tuned by plain gradient steps', partial: false })
    const store = await openStore(db, { appVersion, mode: 'existing' })
    try {
      const multipliers = units
        .filter(({ phase }) => phase === 'training')
        .map(({ run }) => store.iterations(run).map(({ metrics }) => metrics.taskMultiplier))
      expect(multipliers[1]).toEqual([0, 0])
      for (const multiplier of multipliers[0]!) expect(multiplier).toBeGreaterThan(0)
    } finally {
      store.close()
    }
  })

  it.each([
    [
      'of another environment',
      'figure-13',
      ['--init', 'c-maml=mine'],
      /trained on environment-2, but figure-13 is a study of environment-1/,
    ],
    [
      'that is a random network',
      'figure-4',
      ['--init', 'c-maml=random'],
      /it is an arm of its own, --arms c-maml,random/,
    ],
    ['that is not there', 'figure-4', ['--init', 'c-maml=nobody'], /no run \\"nobody\\"/],
    [
      'with other layers',
      'figure-4',
      ['--init', 'c-maml=mine', '--set', 'policy.hidden=[16]'],
      /layers are 8-8, policy.hidden asks for 16/,
    ],
    [
      'of other observations',
      'figure-4',
      ['--init', 'c-maml=mine', '--set', 'environment.goal=visible'],
      /reads 44 observations/,
    ],
  ])('refuses a checkpoint %s', async (_, figure, args, message) => {
    const { code, stderr } = await cmaml(home, ...argumentsOf(figure, args))
    expect(code).toBe(2)
    expect(stderr).toMatch(message)
  })

  it('says nothing of the numbers where it is refused', async () => {
    const { code, stderr } = await cmaml(
      home,
      'study',
      'figure-4',
      '--scale',
      'smoke',
      '--init',
      'c-maml=nobody',
      '--db',
      db,
    )
    expect(code).toBe(2)
    expect(stderr).toMatch(/^error: [^\n]*nobody[^\n]*\n$/)
  })

  it('plans with checkpoint files where there is no database', async () => {
    const file = join(home, 'policy.safetensors')
    const exported = await cmaml(home, 'export', 'mine', '--format', 'safetensors', '--out', file, '--db', db)
    expect(exported.code).toBe(0)
    const absent = join(home, 'absent.sqlite')
    const plan = (init: string) =>
      cmaml(home, ...['study', 'figure-4', '--scale', 'smoke', '--plan', '--init', init, '--db', absent])
    const planned = await plan(`c-maml=${file}`)
    expect(planned).toMatchObject({ code: 0, stderr: '' })
    expect(planned.stdout.split('\n').filter((line) => /^training .*C-MAML/.test(line))).toEqual([])
    const refused = await plan('c-maml=mine')
    expect(refused.code).toBe(2)
    expect(refused.stderr).toContain('--init c-maml=mine: this is no file, and there is no database yet')
    expect(existsSync(absent)).toBe(false)
  })

  it('says what it records where nothing is adapted', async () => {
    const out = ['--out', join(home, 'out-unadapted'), '--db', db]
    const set = ['--set', 'fineTune.steps=0', '--arms', 'random', '--seeds', '1']
    const { code, stderr } = await cmaml(home, 'study', 'figure-9', '--scale', 'smoke', ...set, ...out)
    expect(code).toBe(0)
    expect(stderr).toContain('recording task 122 without adaptation')
    expect(stderr).not.toContain('after adaptation')
  })

  it('refuses tasks that a given policy was trained on where held-out ones are asked for', async () => {
    const held = ['--tasks', 'held-out', '--set', 'tasks.trainingFrom=100', '--set', 'tasks.trainingTo=300']
    const args = [...held, '--set', 'tasks.heldOutFrom=0', '--set', 'tasks.heldOutTo=99', '--init', 'c-maml=mine']
    const { code, stderr } = await cmaml(home, ...argumentsOf('figure-4', args))
    expect(code).toBe(2)
    expect(stderr).toContain('These tasks are not held out: c-maml was trained on')
  })

  it('replaces what another order left in the folder only by --force', async () => {
    const out = join(home, 'out-kept')
    const draw = (...args: string[]) =>
      cmaml(home, 'study', 'figure-12', '--scale', 'smoke', '--out', out, '--db', db, ...args)
    expect(await draw()).toMatchObject({ code: 0 })
    // In other words, but the same.
    expect(await draw('--seeds', '1..2')).toMatchObject({ code: 0 })
    const refused = await draw('--seeds', '7')
    expect(refused.code).toBe(2)
    expect(refused.stderr).toMatch(/out-kept holds the results of another order.*--out.*--force/)
    expect(await draw('--seeds', '7', '--force')).toMatchObject({ code: 0 })
  })

  it('refuses a file in the place of its folder', async () => {
    const file = join(home, 'file')
    writeFileSync(file, '')
    const { code, stderr } = await cmaml(home, 'study', 'figure-12', '--scale', 'smoke', '--out', file, '--db', db)
    expect(code).toBe(2)
    expect(stderr).toContain('is a file, so it cannot be the folder of the study')
  })
})
