import { describe, expect, it } from 'vitest'
import type { Activity, JobRow } from '../../../../src/main/services/jobs/job.ts'
import { studyResults } from '../../../../src/main/services/jobs/study-results.ts'
import { installNothing, installStandIn } from '../../../support/stand-in-tensorflow.ts'
import { testStore, temporaryFile } from '../../store/fixtures.ts'
import { jobIn, jobThatIs, jobUnderWay, LONG, testQueue, tiny, training, until } from './queues.ts'

/** Iterations of a training that is stopped after a few, and then ends within seconds. */
const SOME = 100

describe('a run that is to go on', () => {
  it('waits in the queue once, whoever asks, and however', async () => {
    const file = temporaryFile()
    const queue = await testQueue(file)
    const first = await queue.add(training('stopped', tiny(LONG)))
    await jobUnderWay(queue, first, 1)
    await queue.stopJob(first, 'iteration')
    const { run } = await jobThatIs(queue, first, 'stopped')
    await queue.pause(true)
    const resume = { kind: 'resume', run: run! } as const
    const other = await testQueue(file)
    const [job, ...others] = await Promise.all([queue.add(resume), queue.add(resume), other.add(resume, true)])
    expect(others).toEqual([job, job])
    await expect(queue.add({ ...resume, iterations: LONG + 1 })).rejects.toThrow(/in the queue already/)
    await expect(queue.resume(first)).rejects.toThrow(/another job/i)
    expect(queue.activity().jobs.map(({ id, state }) => [id, state])).toEqual([
      [job, 'waiting'],
      [first, 'stopped'],
    ])
    await queue.remove(job)
    const extended = await queue.add({ ...resume, iterations: LONG + 1 })
    expect(extended).not.toBe(job)
    expect(await queue.add({ ...resume, iterations: LONG + 1 })).toBe(extended)
    expect(await queue.add(resume)).toBe(extended)
  })
})

describe('a training with a fine-tuning of its own', () => {
  it('is done in two parts, and offered to nobody else in either, nor when it is complete', async () => {
    const file = temporaryFile()
    const queue = await testQueue(file)
    const other = await testQueue(file)
    const settings = tiny(SOME, { fineTune: { tasks: 6, steps: 1, episodes: 2 } })
    const first = await queue.add(training('quick', settings))
    await jobUnderWay(queue, first)
    await queue.stopJob(first, 'iteration')
    const { run, training: none, goesOn } = await jobThatIs(queue, first, 'stopped')
    expect([none, goesOn]).toEqual([null, true])

    const second = await queue.add({ kind: 'resume', run: run! })
    const seen = new Set<string>()
    const keep = ({ jobs }: Activity) => {
      const [stopped, resumed] = [first, second].map((id) => jobs.find((job) => job.id === id))
      if (resumed?.state !== 'running') return
      const part = resumed.training === resumed.run ? 'training' : resumed.training === run ? 'fine-tuning' : 'none'
      const isOffered = stopped!.goesOn && ![resumed.run, resumed.training].includes(run)
      seen.add(`${resumed.phase} is ${part}, the other ${isOffered ? 'goes on' : 'has nothing'}`)
    }
    for (const one of [queue, other]) one.onChange(keep)
    for (const one of [queue, other])
      await until(one, (now) => now.jobs.some(({ id, phase }) => id === second && phase === 'fine-tuning'))
    await expect(queue.resume(first)).rejects.toThrow(/fine-tuning is in progress already|is in progress already/)
    await expect(queue.add({ kind: 'resume', run: run! })).rejects.toThrow(/its fine-tuning is in progress already/)
    await jobThatIs(queue, second, 'done')
    expect([...seen]).toEqual([
      'training is training, the other has nothing',
      'fine-tuning is fine-tuning, the other has nothing',
    ])
    const ended = await until(queue, (now) => jobIn(now, second).state === 'done')
    expect(ended.jobs.map(({ id, training, goesOn }) => [id, training, goesOn])).toEqual([
      [second, null, false],
      [first, null, false],
    ])
  })
})

describe('a run whose engine is gone', () => {
  it('goes on in the queue only by another engine that is there, once', async () => {
    installStandIn('none')
    const file = temporaryFile()
    const queue = await testQueue(file)
    const first = await queue.add(training('on TensorFlow', tiny(3, { engine: 'tfjs/tensorflow' })))
    await jobUnderWay(queue, first)
    await queue.stopJob(first, 'now')
    const { run } = await jobThatIs(queue, first, 'stopped')
    installNothing()
    await queue.pause(true)
    const resume = { kind: 'resume', run: run! } as const
    const message = new RegExp(
      `Run ${run!} was computed by tfjs/tensorflow, which cannot be used on this machine: .*"Resume with another engine"`,
    )
    await expect(queue.add(resume)).rejects.toThrow(message)
    await expect(queue.resume(first)).rejects.toThrow(message)
    await expect(queue.add({ ...resume, engine: 'tfjs/webgpu' })).rejects.toMatchObject({
      problems: [{ path: 'engine' }],
    })
    const job = await queue.add({ ...resume, engine: 'simd' })
    expect(await queue.add({ ...resume, engine: 'simd' })).toBe(job)
    await expect(queue.add({ ...resume, engine: 'tfjs/wasm' })).rejects.toThrow(
      /in the queue already, to go on by simd/,
    )
    await queue.pause(false)
    await jobThatIs(queue, job, 'done', 'failed')
    const store = await testStore(file)
    expect(store.run(run!)).toMatchObject({ status: 'completed', done: 3 })
    const change = expect.stringMatching(/^engine was tfjs\/tensorflow and is simd\//) as string
    expect(store.run(run!).trainer.changes).toEqual([change])
    expect(store.logAfter(run!, null)).toContainEqual(
      expect.objectContaining({
        level: 'warning',
        text: expect.stringContaining('engine was tfjs/tensorflow') as string,
      }),
    )
  })
})

describe('a job that ended before it was done', () => {
  it('goes on with the run that it made, once however often it is asked', async () => {
    const file = temporaryFile()
    const queue = await testQueue(file)
    const id = await queue.add(training('stopped', tiny(SOME)))
    await jobUnderWay(queue, id)
    await queue.stopJob(id, 'iteration')
    const { run } = await jobThatIs(queue, id, 'stopped')
    const store = await testStore(file)
    const { done } = store.run(run!)
    expect(done).toBeLessThan(SOME)

    await queue.pause(true)
    await queue.resume(id)
    await queue.resume(id)
    expect(queue.activity().jobs).toMatchObject([{ id, state: 'waiting', run, reason: null, finishedAt: null }])
    const starting: JobRow[] = []
    queue.onChange(({ jobs }) => starting.push(...jobs.filter(({ state }) => state === 'starting')))
    await queue.pause(false)
    await jobThatIs(queue, id, 'done')
    // Before its first new iteration the pace of those before says how long it takes.
    expect(starting[0]).toMatchObject({ run, done, total: SOME, etaSeconds: expect.any(Number) })
    expect(starting[0]!.etaSeconds).toBeGreaterThan(0)
    expect(store.runs()).toMatchObject([{ id: run, status: 'completed', done: SOME }])
    const texts = store.logAfter(run!, null).map(({ text }) => text)
    expect(texts.filter((text) => text.startsWith('Resumed'))).toHaveLength(1)
    await expect(queue.resume(id)).rejects.toThrow(/is complete/)
  })

  it('begins where it was stopped while it waited, and as the last', async () => {
    const queue = await testQueue()
    await queue.pause(true)
    const first = await queue.add(training('first', tiny(2)))
    const second = await queue.add(training('second', tiny(2)))
    await queue.stopJob(first, 'iteration')
    await queue.resume(first)
    expect(queue.activity().jobs.map(({ id }) => id)).toEqual([second, first])
    await queue.pause(false)
    await jobThatIs(queue, first, 'done')
    await expect(queue.resume('nobody')).rejects.toThrow(/no job nobody/)
  })

  it('is a study too: what is there already is not done again', async () => {
    const file = temporaryFile()
    const queue = await testQueue(file)
    const id = await queue.add({ kind: 'study', study: 'figure-4', scale: 'smoke', seeds: [1] })
    await until(queue, (activity) => (jobIn(activity, id).phase ?? '').startsWith('fine-tuning'))
    await queue.stopJob(id, 'now')
    await jobThatIs(queue, id, 'stopped')
    const store = await testStore(file)
    const trained = store.runs().filter(({ kind, status }) => kind === 'train' && status === 'completed')
    expect(trained.length).toBeGreaterThan(0)
    await queue.resume(id)
    await jobThatIs(queue, id, 'done')
    const before = trained.map(({ id }) => id)
    const after = store.runs().filter(({ id }) => before.includes(id))
    expect(after.map(({ startedAt }) => startedAt)).toEqual(trained.map(({ startedAt }) => startedAt))
    const names = store.runs().map(({ name, seed }) => `${name} ${seed}`)
    expect(new Set(names).size).toBe(names.length)
    const files = studyResults(store, id).files.map(({ name }) => name)
    expect(files).toEqual(expect.arrayContaining(['tables.csv', expect.stringMatching(/\.png$/)]))
  })

  it('is refused where its run cannot go on', async () => {
    const file = temporaryFile()
    const queue = await testQueue(file)
    const id = await queue.add(training('finished elsewhere', tiny(LONG)))
    const { run } = await jobUnderWay(queue, id)
    await queue.stopJob(id, 'now')
    await jobThatIs(queue, id, 'stopped')
    const store = await testStore(file)
    store.bin([run!])
    await expect(queue.resume(id)).rejects.toThrow(run!)
    expect(jobIn(queue.activity(), id).state).toBe('stopped')
  })
})
