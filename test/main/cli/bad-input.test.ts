// Everything that can be typed wrong, by the real command.
import { spawnSync } from 'node:child_process'
import { closeSync, existsSync, openSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cmaml, temporaryFolder, writeInto, writeTiny } from './cmaml.ts'

const folder = temporaryFolder()
const home = folder.path
const db = join(home, 'runs.sqlite')
const tiny = writeTiny(home)
const file = (name: string, content: string | Uint8Array) => writeInto(home, name, content)

beforeAll(async () => {
  for (const [name, seed] of [
    ['first', '1'],
    ['second', '2'],
  ] as const)
    expect(await cmaml(home, 'train', tiny, '--db', db, '--name', name, '--seed', seed)).toMatchObject({ code: 0 })
  const elsewhere = ['--set', 'environment.world=environment-2', '--tasks', '3', '--db', db]
  expect(await cmaml(home, 'finetune', '--init', 'first', '--init', 'random', ...elsewhere)).toMatchObject({ code: 0 })
})
afterAll(() => folder[Symbol.dispose]())

describe('bad input', () => {
  const actions = ['--env', 'environment-1', '--seed', '3', '--actions']
  it.concurrent.each<[string, number, RegExp, () => string[]]>([
    ['no command', 2, /Usage/, () => []],
    ['unknown command', 2, /unknown command 'trian'[^]*train/, () => ['trian']],
    ['unknown option', 2, /unknown option '--sead'[^]*--seed/, () => ['train', 'quickstart', '--sead', '1']],
    [
      'unknown preset',
      2,
      /quikstart[^]*environment-1, environment-2, [^]*quickstart[^]*omnisafe\/cpo[^]*mean "quickstart"/,
      () => ['train', 'quikstart'],
    ],
    ['no preset', 2, /Name a preset/, () => ['train']],
    [
      'unknown setting',
      2,
      /meta\.itrations is not a setting[^]*mean "meta\.iterations"/,
      () => ['train', 'quickstart', '--set', 'meta.itrations=3'],
    ],
    ['value out of range', 2, /advantage\.gamma is 1\.5/, () => ['train', tiny, '--set', 'advantage.gamma=1.5']],
    [
      'value of another type',
      2,
      /environment\.world is "mars"/,
      () => ['train', tiny, '--set', 'environment.world=mars'],
    ],
    [
      'unknown engine',
      2,
      /--engine <which>' argument 'tpu' is invalid[^]*tfjs\/wasm/,
      () => ['train', tiny, '--engine', 'tpu'],
    ],
    [
      'unknown engine as a setting',
      2,
      /engine is "tpu"; allowed: one of auto, simd, tfjs/,
      () => ['train', tiny, '--set', 'engine=tpu'],
    ],
    ['assignment without value', 2, /form key=value/, () => ['train', tiny, '--set', 'seed']],
    ['seed out of range', 2, /integer from 0 to 2147483647/, () => ['train', tiny, '--seed', '-1']],
    ['too few tasks', 2, /tasksPerIteration is 400/, () => ['train', tiny, '--set', 'meta.tasksPerIteration=400']],
    [
      'too few held-out tasks',
      2,
      /fineTune\.tasks is 999, but seeds 301\.\.320 hold only 9 tasks/,
      () => ['train', tiny, '--set', 'fineTune.tasks=999'],
    ],
    [
      'too few tasks to choose from',
      2,
      /--count is 99, but there are only 2/,
      () => ['finetune', '--init', 'first', '--tasks', '303,304', '--count', '99', '--db', db],
    ],
    [
      'resume with settings',
      2,
      /stored configuration/,
      () => ['train', '--resume', 'first', '--set', 'seed=3', '--db', db],
    ],
    [
      'a fine-tuning resumed as a training',
      2,
      /is a fine-tuning, and only a training can be resumed by train; it goes on by: cmaml finetune --resume \S+/,
      () => ['train', '--resume', 'first (fine-tuning)', '--db', db],
    ],
    ['infinite cost limit', 2, /for no limit use/, () => ['train', tiny, '--set', 'costLimit=Infinity']],
    [
      'one task only',
      2,
      /is 3, but seeds 0\.\.1 hold only 1 task within/,
      () => ['train', tiny, '--set', 'tasks.trainingTo=1'],
    ],
    ['settings file that is no JSON', 2, /cannot be read as JSON/, () => ['train', file('broken.json', '{')]],
    ['settings file that is no object', 2, /one JSON object/, () => ['train', file('list.json', '[]')]],
    ['database that is not there', 1, /none\.sqlite/, () => ['runs', '--db', join(home, 'none.sqlite')]],
    ['database in a missing folder', 1, /nowhere/, () => ['train', tiny, '--db', join(home, 'nowhere', 'a.sqlite')]],
    [
      'database of another kind',
      1,
      /foreign\.sqlite/,
      () => ['train', tiny, '--db', file('foreign.sqlite', 'text '.repeat(999))],
    ],
    ['unknown run', 2, /nothing/, () => ['show', 'nothing', '--db', db]],
    ['unknown checkpoint', 2, /nothing/, () => ['export', 'nothing', '--format', 'json', '--db', db]],
    [
      'unknown export format',
      2,
      /Allowed choices are safetensors, json, onnx, tfjs/,
      () => ['export', 'first', '--format', 'pickle', '--db', db],
    ],
    ['no export format', 2, /^error: Name one by --format \(safetensors/, () => ['export', 'first', '--db', db]],
    [
      'unknown extension of an export',
      2,
      /extension of weights\.bin tells no format[^]*ends with \.safetensors, \.json, \.onnx, \.tfjs\.zip, \.cmaml/,
      () => ['export', 'first', '--out', 'weights.bin', '--db', db],
    ],
    ['export to a folder', 2, /is a folder/, () => ['export', 'first', '--format', 'json', '--out', home, '--db', db]],
    ['no initialisation', 2, /--init/, () => ['finetune', '--db', db]],
    [
      'missing checkpoint file',
      2,
      /gone\.safetensors/,
      () => ['finetune', '--init', join(home, 'gone.safetensors'), '--db', db],
    ],
    [
      'foreign checkpoint file',
      1,
      /foreign\.safetensors/,
      () => ['finetune', '--init', file('foreign.safetensors', 'zip'), '--db', db],
    ],
    ['same start twice', 2, /named twice/, () => ['finetune', '--init', 'random', 'random', '--db', db]],
    [
      'other observations',
      2,
      /reads 44 observations[^]*give 60/,
      () => ['finetune', '--init', 'first', '--set', 'environment.goal=visible', '--db', db],
    ],
    [
      'other layers',
      2,
      /its layers are 8/,
      () => ['finetune', '--init', 'first', '--set', 'policy.hidden=[16]', '--db', db],
    ],
    [
      'other observation scaling',
      2,
      /the run has running\. It needs observationScaling=affine, and/,
      () => ['finetune', '--init', 'first', '--set', 'observationScaling=running', '--db', db],
    ],
    ['malformed tasks', 2, /301-320/, () => ['finetune', '--init', 'first', '--tasks', '301-320', '--db', db]],
    [
      'unlike fine-tunings',
      2,
      /environment\.world is environment-1 in one and environment-2 in the other/,
      () => ['compare', 'first (fine-tuning)', 'latest', '--db', db],
    ],
    ['name of a keyword', 2, /cannot be named "latest"/, () => ['train', tiny, '--name', ' latest ', '--db', db]],
    [
      'name with control characters',
      2,
      /characters that cannot be shown/,
      () => ['train', tiny, '--name', 'a\u001b[2J', '--db', db],
    ],
    ['unknown benchmark', 2, /there are simulator[^]*mean "training"/, () => ['bench', 'trainin']],
    ['unknown environment', 2, /mean "environment-1"/, () => ['tasks', '--env', 'enviroment-1']],
    ['no driver', 2, /either --actions FILE or --policy/, () => ['rollout', '--env', 'environment-1', '--seed', '3']],
    ['malformed actions', 2, /\[drive, turn\] pairs/, () => ['rollout', ...actions, file('odd.json', '[[1]]')]],
    [
      'unknown physics',
      2,
      /environment\.physics is "odd"/,
      () => ['rollout', ...actions, file('good.json', '[[1,0]]'), '--physics', 'odd'],
    ],
  ])('%s', async (_, expected, message, args) => {
    const { code, stdout, stderr } = await cmaml(home, ...args())
    expect(stdout + stderr).toMatch(message)
    expect(code).toBe(expected)
    expect(stderr).not.toMatch(/\n\s+at /)
  })

  it('keeps errors apart from results with --json', async () => {
    const { code, stdout, stderr } = await cmaml(home, 'train', 'quikstart', '--json')
    expect(code).toBe(2)
    expect(stdout).toBe('')
    expect(JSON.parse(stderr)).toMatchObject({
      error: { exitCode: 2, message: expect.stringContaining('quickstart') as string },
    })
  })

  it('reports errors of the parser as JSON too', async () => {
    const { code, stderr } = await cmaml(home, 'train', 'quickstart', '--sead', '1', '--json')
    expect(code).toBe(2)
    expect(JSON.parse(stderr)).toMatchObject({
      error: { exitCode: 2, message: expect.stringMatching(/^unknown option '--sead'[^]*--seed/) as string },
    })
  })

  it.runIf(existsSync('/dev/full'))('says in one line that standard output is full', async () => {
    const full = openSync('/dev/full', 'w')
    const { status, stderr } = spawnSync(process.execPath, ['bin/cmaml.mjs', 'settings'], {
      stdio: ['ignore', full, 'pipe'],
      encoding: 'utf8',
    })
    closeSync(full)
    expect({ status, stderr }).toEqual({ status: 1, stderr: 'error: No space is left for the standard output.\n' })
  })

  it('creates no database for a command that cannot work', async () => {
    using fresh = temporaryFolder()
    await cmaml(fresh.path, 'train', 'quickstart', '--set', 'meta.itrations=3')
    await cmaml(fresh.path, 'finetune')
    const { code, stderr } = await cmaml(fresh.path, 'runs')
    expect(code).toBe(1)
    expect(stderr).toContain('There are no runs yet: "cmaml train quickstart" makes the first')
    expect(readdirSync(fresh.path)).toEqual([])
    expect(existsSync(join(home, 'none.sqlite'))).toBe(false)
  })
})
