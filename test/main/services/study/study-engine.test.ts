// A study on an engine that is not there says so before it begins.
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { ConfigError } from '../../../../src/core/config/parse.ts'
import { stopSignals } from '../../../../src/main/services/stop-signals.ts'
import { planFromOrder, type StudyOrder } from '../../../../src/main/services/study/prepare.ts'
import { runStudy } from '../../../../src/main/services/study/run-study.ts'
import { installNothing, installStandIn } from '../../../support/stand-in-tensorflow.ts'
import { temporaryFile, testStore } from '../../store/fixtures.ts'
import { testQueue } from '../jobs/queues.ts'

const order: StudyOrder = { study: 'figure-4', scale: 'smoke', seeds: [1], set: ['engine=tfjs/tensorflow'] }
const MESSAGE =
  /^engine is tfjs\/tensorflow, which cannot be used on this machine: .*"cmaml engines install tensorflow"/
const listener = { unit() {}, progress() {}, recording() {}, caution() {}, warning() {} }

it('is refused with setting, value and remedy, before a run or a folder is made', async () => {
  installNothing()
  const store = await testStore(temporaryFile())
  const folder = join(dirname(store.file), 'figures')
  const study = { order, plan: planFromOrder(order), inits: new Map<string, string>(), folder }
  const attempt = runStudy(store, study, { workers: 1 }, stopSignals(), listener)
  await expect(attempt).rejects.toThrow(ConfigError)
  await expect(attempt).rejects.toThrow(MESSAGE)
  expect(store.runs()).toEqual([])
  expect(existsSync(folder)).toBe(false)
})

it('is refused when it is queued, and when its turn in the queue comes again', async () => {
  installStandIn('none')
  const file = temporaryFile()
  const queue = await testQueue(file)
  await queue.pause(true)
  const request = { kind: 'study', study: 'figure-4', scale: 'smoke', settings: { engine: 'tfjs/tensorflow' } } as const
  const id = await queue.add(request)
  await queue.stopJob(id, 'now')
  installNothing()
  await expect(queue.add(request)).rejects.toMatchObject({
    problems: [{ path: 'engine', message: expect.stringMatching(MESSAGE) as string }],
  })
  await expect(queue.resume(id)).rejects.toThrow(MESSAGE)
  expect(queue.activity().jobs).toMatchObject([{ id, state: 'stopped' }])
})
