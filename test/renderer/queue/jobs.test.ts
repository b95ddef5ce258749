import { describe, expect, test } from 'vitest'
import type { JobRow } from '../../../src/main/api/contract.ts'
import {
  canResume,
  coresUsed,
  doingOf,
  dotOf,
  endedBetween,
  etaOf,
  isNewestOfItsRun,
  movedJobs,
  partOf,
  placeOf,
  runsOf,
  secondsPerUnit,
  shareOf,
  stoppingWords,
  stopWords,
  unitOf,
} from '../../../src/renderer/queue/jobs.ts'
import { newsOf, queuedWords, turnWords } from '../../../src/renderer/queue/news.ts'
import { beforeAtGap, gapUnder, stepBefore } from '../../../src/renderer/queue/order.ts'
import { job } from './job.ts'

const idsOf = (jobs: readonly JobRow[]) => jobs.map(({ id }) => id).join('')

describe('a job', () => {
  test('is told by its progress', () => {
    const half = job('a', 'running', { done: 30, total: 120, etaSeconds: 180 })
    expect([shareOf(half), secondsPerUnit(half)]).toEqual([0.25, 2])
    const unknown = job('a', 'starting', { total: 0 })
    expect([shareOf(unknown), secondsPerUnit(unknown), doingOf(unknown)]).toEqual([undefined, null, 'starting'])
    expect(shareOf(unknown, { done: 3, total: 4 })).toBe(0.75)
    // Its row in the table says 0/120 yet, or says 2/120 already.
    expect(shareOf(job('a', 'running', { done: 1, total: 120 }), { done: 0, total: 120 })).toBe(0)
    const study = job('a', 'running', { kind: 'study', done: 1, total: 2 })
    expect(shareOf(study, { done: 0, total: 120 })).toBe(0.5)
    expect(secondsPerUnit(job('a', 'running', { done: 9, total: 9, etaSeconds: 0 }))).toBeNull()
  })

  test('counts what its phase works through', () => {
    expect(unitOf(job('a', 'running', { phase: 'training' }))).toBe('iteration')
    expect(unitOf(job('a', 'running', { phase: 'fine-tuning' }))).toBe('result')
    expect(unitOf(job('a', 'running', { kind: 'study', phase: 'fine-tuning' }))).toBe('environment step')
  })

  test('that was asked to stop says after what', () => {
    expect(stoppingWords(job('a', 'stopping', { done: 3, total: 10 }))).toBe('Stopping after iteration 4')
    expect(stoppingWords(job('a', 'stopping', { done: 10, total: 10 }))).toBe('Stopping after iteration 10')
    expect(stoppingWords(job('a', 'stopping', { kind: 'study', done: 3 }))).toBe('Stopping after this iteration')
  })

  test('that is a study stops as the run that it is at', () => {
    const study = (phase: string) => stopWords(job('a', 'running', { kind: 'study', phase }))
    expect(study('training C-MAML, seed 1 of 2')).toBe('Stop the study after this iteration')
    expect(study('fine-tuning C-MAML, seed 1 of 2')).toBe('Stop the study after this result')
    expect(stopWords(job('a', 'running', { kind: 'fine-tune' }))).toBe('Stop after this result')
  })

  test('in two parts says at which it is, and is about its training in both', () => {
    const second = { run: 'f', training: 'r' }
    expect(partOf({ run: 'r', training: 'r' }, 'meta')).toBe('part 1 of 2: meta-training')
    expect(partOf({ run: 'r', training: 'r' }, 'pre-train')).toBe('part 1 of 2: pre-training')
    expect(partOf(second, null)).toBe('part 2 of 2: fine-tuning')
    expect(partOf({ run: 'r', training: null }, 'meta')).toBeUndefined()
    const open = new Set(runsOf(second))
    expect(canResume(job('a', 'stopped', { run: 'r' }), open)).toBe(false)
  })

  test('leads to its run, and a study to the comparison of its runs', () => {
    expect(placeOf(job('a', 'running'))).toBeNull()
    expect(placeOf(job('a', 'running', { run: 'r/1' }))).toBe('/run/r%2F1')
    const study = job('a', 'running', { kind: 'study', name: 'figure-4, small', run: 'r' })
    expect(placeOf(study)).toMatchObject({ name: 'compare', query: { study: 'figure-4', scale: 'small' } })
  })

  test('stands as it is, whoever works on it', () => {
    expect(dotOf(job('a', 'interrupted', { run: 'r' }), false)).toBe('interrupted')
    expect(dotOf(job('a', 'failed', { run: 'r' }), false)).toBe('failed')
    expect(dotOf(job('a', 'starting'), false)).toBe('running')
    expect(dotOf(job('a', 'stopping'), false)).toBe('stopping')
  })

  test('can be resumed where it ended before its time, unless another job has its run', () => {
    const open = new Set(['elsewhere', null])
    expect(canResume(job('a', 'stopped', { run: 'r' }), open)).toBe(true)
    expect(canResume(job('a', 'failed', { run: 'r' }), open)).toBe(true)
    expect(canResume(job('a', 'interrupted', { run: 'r' }), open)).toBe(true)
    expect(canResume(job('a', 'failed'), open)).toBe(true)
    expect(canResume(job('a', 'stopped', { kind: 'study' }), open)).toBe(true)
    const ended = [job('c', 'done', { run: 'r' }), job('b', 'stopped', { run: 'r' }), job('a', 'failed', { run: 's' })]
    expect(ended.map((one) => isNewestOfItsRun(one, ended))).toEqual([true, false, true])
    expect(canResume(job('a', 'done', { run: 'r' }), open)).toBe(false)
    expect(canResume(job('a', 'stopped', { run: 'complete', goesOn: false }), open)).toBe(false)
    expect(canResume(job('a', 'stopped', { run: 'elsewhere' }), open)).toBe(false)
  })

  test('is told at its end, with why it failed', () => {
    expect(newsOf(job('a', 'failed', { name: 'N', reason: 'The disk is full.' }))).toEqual({
      text: 'N failed',
      tone: 'alarm',
      detail: 'The disk is full.',
    })
    const interrupted = job('a', 'interrupted', { name: 'N', reason: 'Its program ended.' })
    expect(newsOf(interrupted)).toEqual({ text: 'N was interrupted', tone: 'warn', detail: 'Its program ended.' })
    expect(newsOf(job('a', 'done', { name: 'N' }))).toEqual({ text: 'N is complete', tone: 'ok' })
    expect(newsOf(job('a', 'stopped', { name: 'N' }))).toEqual({ text: 'N is stopped', tone: 'plain' })
  })
})

describe('what is put into the queue', () => {
  const idle = { paused: false, running: [], waiting: [] }
  const busy = { ...idle, running: [{ name: 'A' }] }
  test('says before that it starts, or after what', () => {
    expect(turnWords(idle)).toEqual({ front: 'Start now' })
    expect(turnWords({ ...idle, waiting: [{ name: 'C' }] }).about).toBe('Add to queue: after C.')
    expect(turnWords(busy)).toEqual({ front: 'Start next', about: 'A is at work. Start next: after it.' })
    const long = { ...busy, waiting: [{ name: 'C' }, { name: 'D' }] }
    expect(turnWords(long).about).toBe('A is at work. Start next: after it. Add to queue: after 2 that wait too.')
    expect(turnWords({ ...idle, paused: true }).front).toBe('Put first')
  })
  test('is said to be started only where its turn is at once', () => {
    expect(queuedWords('B', 1, true, idle)).toBe('B: started')
    expect(queuedWords('B', 1, false, idle)).toBe('B: started')
    expect(queuedWords('3 runs', 3, true, idle)).toBe('3 runs: the first started, the others in the queue')
    expect(queuedWords('B', 1, false, idle, 'goes on')).toBe('B: goes on')
  })
  test('waits for what runs, for what waits before it, and while the queue is paused', () => {
    expect(queuedWords('B', 1, true, busy)).toBe('B: next in the queue, after A')
    expect(queuedWords('B', 1, false, busy)).toBe('B: in the queue')
    expect(queuedWords('B', 1, false, { ...idle, waiting: [{ name: 'C' }] })).toBe('B: in the queue')
    expect(queuedWords('B', 1, true, { ...idle, paused: true })).toBe('B: in the queue, which is paused')
  })
})

test('a job ends when its run does, so that no two places tell two times, but a study has many runs', () => {
  expect(etaOf(job('a', 'running', { etaSeconds: 7 }), { etaSeconds: 9 })).toBe(9)
  expect(etaOf(job('a', 'running', { etaSeconds: 7 }), { etaSeconds: null })).toBe(7)
  expect(etaOf(job('a', 'running'), { etaSeconds: 9 })).toBe(9)
  expect(etaOf(job('a', 'running'))).toBeNull()
  expect(etaOf(job('a', 'running', { kind: 'study' }), { etaSeconds: 9 })).toBeNull()
})

test('jobs that ended are news once, unless they were not known before', () => {
  const before = [job('a', 'running'), job('b', 'waiting'), job('c', 'done', { finishedAt: 1 })]
  const after = [
    job('b', 'running'),
    job('a', 'failed', { finishedAt: 2 }),
    job('c', 'done', { finishedAt: 1 }),
    job('d', 'done', { finishedAt: 2 }),
  ]
  expect(idsOf(endedBetween(before, after))).toBe('a')
  expect(endedBetween(after, after)).toEqual([])
  // An estimate that ran out and a job that vanished are no ends.
  expect(endedBetween(before, [job('b', 'waiting')])).toEqual([])
})

test('cores in use are never more than there are', () => {
  expect(coresUsed([job('a', 'running', { workers: 3 }), job('b', 'starting')], 8)).toBe(3)
  expect(coresUsed([job('a', 'running', { workers: 6 }), job('b', 'running', { workers: 6 })], 8)).toBe(8)
})

describe('the order of what waits', () => {
  const jobs = [job('r', 'running'), job('a', 'waiting'), job('b', 'waiting'), job('c', 'waiting'), job('z', 'done')]

  test('changes as the queue is asked to change it', () => {
    expect(idsOf(movedJobs(jobs, 'c', 'a'))).toBe('rcabz')
    expect(idsOf(movedJobs(jobs, 'a', 'c'))).toBe('rbacz')
    expect(idsOf(movedJobs(jobs, 'a', null))).toBe('rbcaz')
    expect(idsOf(movedJobs(jobs, 'a', 'a'))).toBe('rabcz')
    expect(idsOf(movedJobs(jobs, 'gone', 'a'))).toBe('rabcz')
  })

  test('changes by one place at a time', () => {
    const ids = ['a', 'b', 'c']
    const after = (id: string, direction: 1 | -1) => {
      const before = stepBefore(ids, id, direction)
      return before === undefined ? undefined : idsOf(movedJobs(jobs, id, before))
    }
    expect(after('a', 1)).toBe('rbacz')
    expect(after('b', 1)).toBe('racbz')
    expect(after('c', -1)).toBe('racbz')
    expect([after('a', -1), after('c', 1), after('gone', 1)]).toEqual([undefined, undefined, undefined])
  })

  test('is where the pointer lets it fall', () => {
    const rows = [0, 40, 80].map((top) => ({ top, height: 40 }))
    expect([-5, 10, 30, 70, 99, 200].map((y) => gapUnder(rows, y))).toEqual([0, 0, 1, 2, 2, 3])
    const ids = ['a', 'b', 'c']
    expect([0, 1, 2, 3].map((gap) => beforeAtGap(ids, 'a', gap))).toEqual([undefined, undefined, 'c', null])
    expect([0, 1, 2, 3].map((gap) => beforeAtGap(ids, 'c', gap))).toEqual(['a', 'b', undefined, undefined])
  })
})
