import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { JobRequest } from '../../../../src/main/api/contract/jobs.ts'
import type { DatabaseAccess } from '../../../../src/main/services/jobs/database-access.ts'
import { createJobQueue } from '../../../../src/main/services/jobs/job-queue.ts'
import { RefusedRequest } from '../../../../src/main/services/jobs/refused-request.ts'
import { createStoreHandle } from '../../../../src/main/services/store-handle.ts'
import { StoreError } from '../../../../src/main/store/errors.ts'
import { jsonLines, startCmaml, writeTiny } from '../../cli/cmaml.ts'
import { installNothing, installStandIn } from '../../../support/stand-in-tensorflow.ts'
import { temporaryFile, testStore } from '../../store/fixtures.ts'
import { jobIn, jobThatIs, jobUnderWay, LONG, otherProgram, testQueue, tiny, training, until } from './queues.ts'

describe('a queue', () => {
  it('does one job after the other, in the order that they were put in, and says how far it is', async () => {
    const file = temporaryFile()
    const queue = await testQueue(file)
    const finished: string[] = []
    queue.onFinished(({ name, state }) => finished.push(`${name} ${state}`))
    await queue.pause(true)
    const first = await queue.add(training('first', tiny(3)))
    const second = await queue.add(training('second', tiny(2)))
    const third = await queue.add(training('third', tiny(2)))
    const urgent = await queue.add(training('urgent', tiny(2)), true)
    await queue.move(third, second)
    expect(queue.activity().jobs.map(({ name }) => name)).toEqual(['urgent', 'first', 'third', 'second'])
    expect(queue.activity()).toMatchObject({ paused: true, jobs: Array(4).fill({ state: 'waiting', mine: false }) })
    await queue.remove(third)
    await queue.pause(false)

    const { jobs } = await until(queue, (activity) => activity.jobs.every(({ state }) => state === 'done'))
    expect(finished).toEqual(['urgent done', 'first done', 'second done'])
    const store = await testStore(file)
    expect(store.runs().map(({ name, status, done }) => [name, status, done])).toEqual([
      ['second', 'completed', 2],
      ['first', 'completed', 3],
      ['urgent', 'completed', 2],
    ])
    expect(jobs.map(({ id, run, done, total }) => [id, store.run(run!).name, done, total])).toEqual([
      [second, 'second', 2, 2],
      [first, 'first', 3, 3],
      [urgent, 'urgent', 2, 2],
    ])
    await queue.clearFinished()
    expect(queue.activity().jobs).toEqual([])
  })

  it('refuses at its setting an engine that is not installed, when it is asked for, estimated and tried again', async () => {
    installStandIn('none')
    const file = temporaryFile()
    const queue = await testQueue(file)
    await queue.pause(true)
    const request = training('on TensorFlow', tiny(2, { engine: 'tfjs/tensorflow' }))
    expect((await queue.estimate(request)).envSteps).toBeGreaterThan(0)
    const id = await queue.add(request)
    await queue.stop()
    const store = await testStore(file)
    store.jobs.setPaused(false)
    store.jobs.claim(1)
    store.jobs.finish(id, { state: 'failed', run: null, reason: 'It never came to a run.' })

    installNothing()
    const message =
      /^engine is tfjs\/tensorflow, which cannot be used on this machine: .* is installed; the settings install it/
    await expect(queue.estimate(request)).rejects.toThrow(message)
    await expect(queue.add(request)).rejects.toMatchObject({ problems: [{ path: 'engine' }] })
    await expect(queue.resume(id)).rejects.toThrow(message)
    expect(store.jobs.job(id).state).toBe('failed')
  })

  it('follows a training by its fine-tuning, and tells both as they go', async () => {
    const file = temporaryFile()
    const queue = await testQueue(file)
    const phases = new Set<string | null>()
    const tagging = await testStore(file)
    queue.onChange(({ jobs: [job] }) => {
      if (job?.phase === 'training' && job.run !== null) tagging.organise([job.run], { addTags: ['first'] })
      phases.add(job?.phase ?? null)
    })
    const id = await queue.add(training('both', tiny(2, { fineTune: { tasks: 2, steps: 1, episodes: 2 } })))
    const job = await jobThatIs(queue, id, 'done')
    const store = await testStore(file)
    const [tuned, trained] = store.runs()
    expect(tuned).toMatchObject({ kind: 'fine-tune', status: 'completed', name: 'both (fine-tuning)' })
    expect(job.run).toBe(trained!.id)
    // It takes over what the training is marked with.
    expect(store.listedRun(tuned!.id)?.tags).toEqual(['first'])
    expect([...phases]).toEqual(expect.arrayContaining(['training', 'fine-tuning']))
    // Nothing is left to go on with.
    await expect(queue.add({ kind: 'resume', run: trained!.id })).rejects.toThrow(/is complete/)
  })

  it('stops after an iteration, goes on, stops at once, and extends', async () => {
    const file = temporaryFile()
    const queue = await testQueue(file)
    const id = await queue.add(training('stopped', tiny(12)))
    const underWay = await jobUnderWay(queue, id)
    expect(underWay).toMatchObject({ state: 'running', mine: true, workers: 1, phase: 'training', total: 12 })
    await queue.stopJob(id, 'iteration')
    expect(jobIn(queue.activity(), id).state).toBe('stopping')
    const { run } = await jobThatIs(queue, id, 'stopped')
    const store = await testStore(file)
    const { done, status } = store.run(run!)
    expect({ status, isBetween: done >= 2 && done < 12 }).toEqual({ status: 'stopped', isBetween: true })

    const longer = await queue.add({ kind: 'resume', run: run!, iterations: LONG })
    await jobUnderWay(queue, longer, done + 2)
    await queue.stopRun(run!, 'now')
    await jobThatIs(queue, longer, 'stopped')
    expect(store.run(run!)).toMatchObject({ status: 'stopped', total: LONG })
    expect(store.run(run!).done).toBeGreaterThan(done)
    const texts = store.logAfter(run!, null).map(({ text }) => text)
    expect(texts.filter((text) => /^(Started|Resumed|Stopped)/.test(text)).map((text) => text.split(' ')[0])).toEqual([
      'Started',
      'Stopped',
      'Resumed',
      'Stopped',
    ])
  })

  it('carries a study out, says which part it is at, and writes its figures beside the database', async () => {
    const file = temporaryFile()
    const queue = await testQueue(file)
    const request: JobRequest = { kind: 'study', study: 'figure-4', scale: 'smoke', seeds: [1] }
    const { envSteps, tasks } = await queue.estimate(request)
    expect(tasks).toBe(4)
    const id = await queue.add(request)
    await until(queue, (activity) => (jobIn(activity, id).phase ?? '').startsWith('training '))
    const { done, total } = await jobThatIs(queue, id, 'done', 'failed')
    expect({ done, total }).toEqual({ done: envSteps, total: envSteps })
    const folder = file.replace(/[^/\\]+$/, 'study-figure-4-smoke')
    expect(JSON.parse(readFileSync(`${folder}/study.json`, 'utf8'))).toMatchObject({
      study: 'figure-4',
      scale: 'smoke',
    })
    // All of it is there now.
    expect(await queue.estimate(request)).toMatchObject({ envSteps: 0 })
  })

  it('refuses what cannot be done, setting by setting, and makes no database for it', async () => {
    const file = temporaryFile()
    const queue = await testQueue(file)
    const refused = await queue
      .add(training('wrong', { inner: { kl: -1, kll: 2 }, costLimit: 'much' }))
      .catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(RefusedRequest)
    const { problems } = refused as RefusedRequest
    expect(problems.map(({ path }) => path).sort()).toEqual(['costLimit', 'inner.kl', 'inner.kll'])
    expect(problems.find(({ path }) => path === 'inner.kll')!.message).toContain('Did you mean "inner.kl"?')
    const few = training('few', { tasks: { trainingTo: 10 }, meta: { tasksPerIteration: 50 } })
    await expect(queue.estimate(few)).rejects.toMatchObject({ problems: [{ path: 'meta.tasksPerIteration' }] })
    await expect(queue.add({ kind: 'resume', run: 'nobody' })).rejects.toMatchObject({ problems: [{ path: null }] })
    await expect(queue.add({ kind: 'study', study: 'figure-99', scale: 'smoke' })).rejects.toThrow(
      /no study "figure-99"/,
    )
    expect(() => readFileSync(file)).toThrow(/ENOENT/)
  })

  it('takes the next job though the database could not be read when it began the last one', async () => {
    const file = temporaryFile()
    const handle = createStoreHandle(() => file)
    let fails = false
    const database: DatabaseAccess = {
      file,
      existing() {
        if (!fails) return handle.existing()
        fails = false
        return Promise.reject(new StoreError('denied', 'refused for a moment'))
      },
      writable: handle.writable,
      async own() {
        fails = problems.length === 0
        return handle.own()
      },
    }
    const problems: string[] = []
    const queue = createJobQueue({ database, workers: () => 1, report: (error) => void problems.push(String(error)) })
    onTestFinished(async () => {
      await queue.stop()
      handle.close()
    })
    await queue.start()
    await queue.add(training('first', tiny(2)))
    const next = await queue.add(training('next', tiny(2)))
    await jobThatIs(queue, next, 'done')
    expect(problems).toEqual(['StoreError: refused for a moment'])
  })

  it.runIf(process.platform === 'linux')('goes on after a trainer died, whose run says why', async () => {
    const file = temporaryFile()
    const queue = await testQueue(file)
    const id = await queue.add(training('crashed', tiny(LONG)))
    const next = await queue.add(training('next', tiny(2)))
    await jobUnderWay(queue, id)
    for (const child of trainersOf(process.pid)) process.kill(child, 'SIGKILL')
    const job = await jobThatIs(queue, id, 'failed')
    const reason = 'The trainer process ended unexpectedly (SIGKILL).'
    expect(job.reason).toBe(reason)
    const store = await testStore(file)
    expect(store.run(job.run!)).toMatchObject({ status: 'failed', reason })
    expect(store.logAfter(job.run!, null).at(-1)).toMatchObject({ level: 'error', text: `Failed: ${reason}` })
    await jobThatIs(queue, next, 'done')
    // What was committed is there, and the run can go on.
    const again = await queue.add({ kind: 'resume', run: job.run! })
    await jobUnderWay(queue, again, store.run(job.run!).done + 1)
  })
})

describe('two programs on one database', () => {
  it('stop a training that the command line works on', async () => {
    const file = temporaryFile()
    const home = dirname(file)
    await testStore(file)
    const settings = writeTiny(home, tiny(LONG))
    const cli = startCmaml(home, 'train', settings, '--db', file, '--name', 'by hand', '--json')
    await cli.saw('"type":"iteration"', 2)
    const queue = await testQueue(file)
    const store = await testStore(file)
    const { id } = store.run('by hand')
    await queue.stopRun(id, 'iteration')
    const { code, stdout } = await cli.result
    expect(code).toBe(130)
    expect(jsonLines(stdout).at(-1)).toMatchObject({
      type: 'result',
      status: 'stopped',
      iterations: store.run(id).done,
    })
    expect(store.logAfter(id, null).at(-1)!.text).toContain(`as process ${process.pid} on `)
    // The wish was for that session only.
    expect(store.stopRequested(id)).toBeNull()
    await expect(queue.stopRun(id, 'now')).rejects.toThrow(/not in progress/)
  })

  it('never do the same job, and stop each other', async () => {
    const file = temporaryFile()
    await testStore(file)
    await otherProgram(file)
    const queue = await testQueue(file)
    await queue.stopAll('now')
    const id = await queue.add(training('elsewhere', tiny(LONG)))
    const job = await jobThatIs(queue, id, 'running')
    expect(job).toMatchObject({ mine: false, phase: 'training', workers: 1 })
    await expect(queue.remove(id)).rejects.toThrow(/is in progress/)
    // Nobody takes a second one meanwhile.
    await queue.start()
    const waiting = await queue.add(training('waits', tiny(2)))
    const store = await testStore(file)
    await expect.poll(() => store.run(job.run!).done).toBeGreaterThan(2)
    expect(jobIn(queue.activity(), waiting).state).toBe('waiting')

    await queue.stopRun(job.run!, 'iteration')
    await jobThatIs(queue, id, 'stopped')
    expect(store.run(job.run!).status).toBe('stopped')
    expect(store.logAfter(job.run!, null).at(-1)!.text).toContain(`as process ${process.pid} on `)
    await jobThatIs(queue, waiting, 'done')

    await queue.stopAll('now')
    const second = await queue.add({ kind: 'resume', run: job.run! })
    await jobThatIs(queue, second, 'running')
    await queue.stopJob(second, 'now')
    await jobThatIs(queue, second, 'stopped')
  })

  it('take over what a killed one leaves behind', async () => {
    const file = temporaryFile()
    await testStore(file)
    const other = await otherProgram(file)
    const queue = await testQueue(file)
    await queue.stopAll('now')
    const killed = await queue.add(training('killed', tiny(LONG)))
    const next = await queue.add(training('next', tiny(2)))
    const { run } = await jobThatIs(queue, killed, 'running')
    const store = await testStore(file)
    await expect.poll(() => store.run(run!).done).toBeGreaterThan(1)
    other.kill('SIGKILL')
    await queue.start()
    const job = await jobThatIs(queue, killed, 'interrupted')
    expect(job.reason).toContain('Resume goes on from it')
    expect(store.run(run!).status).toBe('interrupted')
    await jobThatIs(queue, next, 'done')
    const again = await queue.add({ kind: 'resume', run: run! })
    expect(await jobUnderWay(queue, again, store.run(run!).done + 1)).toMatchObject({ mine: true, run })
  })
})

/** Processes that a process started. */
function trainersOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')
  return children
    .map(Number)
    .filter((child) => child > 0 && readFileSync(`/proc/${child}/cmdline`, 'utf8').includes('trainer/process'))
}
