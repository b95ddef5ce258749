import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Evaluation } from '../../../src/main/services/evaluation.ts'
import type { StepRecord } from '../../../src/main/services/rollout.ts'
import { cmaml, cmamlJson, jsonLines, temporaryFolder, writeTiny } from './cmaml.ts'

const folder = temporaryFolder()
const home = folder.path
const db = join(home, 'runs.sqlite')

beforeAll(async () => {
  expect(await cmaml(home, 'train', writeTiny(home), '--db', db, '--no-finetune')).toMatchObject({ code: 0 })
})
afterAll(() => folder[Symbol.dispose]())

async function evaluate(...options: string[]): Promise<Evaluation> {
  const { evaluations } = await cmamlJson<{ evaluations: Evaluation[] }>(
    home,
    'evaluate',
    'latest',
    ...options,
    '--db',
    db,
  )
  expect(evaluations).toHaveLength(1)
  return evaluations[0]!
}

describe('evaluate', () => {
  it('says what a rollout of the same task says, where nothing is left to chance', async () => {
    const { stdout } = await cmaml(
      home,
      ...['rollout', '--policy', 'latest', '--seed', '301', '--deterministic', '--json', '--db', db],
    )
    const steps = jsonLines(stdout) as unknown as StepRecord[]
    const evaluation = await evaluate('--tasks', '301', '--episodes', '2', '--deterministic')
    const sum = (of: (step: StepRecord) => number) => steps.reduce((total, step) => total + of(step), 0)
    expect(evaluation.return.mean).toBeCloseTo(
      sum((step) => step.reward),
      9,
    )
    expect(evaluation.return.deviation).toBe(0)
    expect(evaluation.cost.mean).toBe(sum((step) => step.cost))
    expect(evaluation.length).toBe(steps.length - 1)
  })

  it('samples actions by its seed', async () => {
    const sampled = await evaluate('--tasks', 'held-out', '--episodes', '5')
    expect(sampled).toEqual(await evaluate('--tasks', 'held-out', '--episodes', '5'))
    expect(sampled.return.mean).not.toBe(
      (await evaluate('--tasks', 'held-out', '--episodes', '5', '--seed', '2')).return.mean,
    )
    expect(sampled).toMatchObject({ layouts: 'held-out', deterministic: false, return: { count: 5 } })
  })

  it('meets a new layout in every episode of fresh ones', async () => {
    const fresh = await evaluate('--tasks', 'fresh', '--episodes', '6', '--deterministic')
    expect(fresh.return.deviation).toBeGreaterThan(0)
  })

  it('prints what its numbers mean, and says what is allowed', async () => {
    const { stdout } = await cmaml(home, 'evaluate', 'latest', '--episodes', '3', '--db', db)
    expect(stdout).toMatch(/by sampled actions: mean over 3 episodes of each policy, its 95 % t interval/)
    const wrong = await cmaml(home, 'evaluate', 'latest', '--tasks', 'all', '--db', db)
    expect(wrong.code).toBe(2)
    expect(wrong.stderr).toMatch(/all.*fresh, training, held-out, or seeds/)
    expect((await cmaml(home, 'evaluate', 'nothing', '--db', db)).code).not.toBe(0)
  })
})
