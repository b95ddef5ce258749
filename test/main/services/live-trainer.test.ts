import { expect, it, onTestFinished } from 'vitest'
import { initialTrainingState } from '../../../src/core/training/state.ts'
import type { RunConfig } from '../../../src/core/config/settings.ts'
import { createLiveTrainer } from '../../../src/main/services/live-trainer.ts'
import { livingTrainers } from '../../support/processes.ts'
import { tinyConfig } from '../../support/worker.ts'

const config = tinyConfig()
const job = { task: 303, adaptationSteps: [0], episodes: 1, stochastic: true }

function liveTrainer(keptMs?: number) {
  const trainer = createLiveTrainer(keptMs)
  onTestFinished(() => trainer.stop())
  const record = (of: RunConfig = config) => {
    const { theta, moments } = initialTrainingState(of)
    return trainer.record(of, { theta, costCritic: null, lambda: null, moments }, job)
  }
  return { trainer, record }
}

it('serves those who ask at the same time with one process, which stays', async () => {
  const { record } = liveTrainer()
  const [first, second] = await Promise.all([record(), record()])
  expect(first).toEqual(second)
  const kept = livingTrainers()
  expect(kept).toHaveLength(1)
  await record()
  expect(livingTrainers()).toEqual(kept)
})

it('takes another for another configuration, and none when nobody watches any more', async () => {
  const { record } = liveTrainer(50)
  await record()
  const [wide] = await record(tinyConfig('policy.hidden=[24]'))
  expect(wide!.length).toBe(30)
  await expect.poll(livingTrainers).toEqual([])
  expect((await record())[0]!.length).toBe(30)
})

it('takes a new one where the old one died', async () => {
  const { record } = liveTrainer()
  await record()
  process.kill(livingTrainers()[0]!, 'SIGKILL')
  await expect.poll(livingTrainers).toEqual([])
  await record().catch(() => undefined)
  expect((await record())[0]!.length).toBe(30)
})

it('ends with the program, also in the middle of its work', async () => {
  const { trainer, record } = liveTrainer()
  const working = record().then(
    () => 'done',
    () => 'ended',
  )
  await trainer.stop()
  expect(await working).toMatch(/^(done|ended)$/)
  expect(livingTrainers()).toEqual([])
  await expect(record()).rejects.toThrow('The program is ending')
})
