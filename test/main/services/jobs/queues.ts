// Queues of this process and of others on one database, with real trainers.
import { spawn, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, vi } from 'vitest'
import type { Activity, JobRow } from '../../../../src/main/api/contract/jobs.ts'
import { createJobQueue } from '../../../../src/main/services/jobs/job-queue.ts'
import type { JobQueue } from '../../../../src/main/services/jobs/queue.ts'
import { createStoreHandle } from '../../../../src/main/services/store-handle.ts'
import { TINY } from '../../cli/cmaml.ts'
import { temporaryFile } from '../../store/fixtures.ts'

/** Settings of a training of some iterations without fine-tuning; a long one is stopped long before its end. */
export const tiny = (iterations: number, changes: object = {}) => ({
  ...TINY,
  meta: { iterations, tasksPerIteration: 3 },
  fineTune: { tasks: 0 },
  ...changes,
})
export const LONG = 100_000

export const training = (name: string, settings: Record<string, unknown>) =>
  ({ kind: 'train', name, settings }) as const

/** A queue that has its turn until the test ends; what it reports beside its jobs fails the test. */
export async function testQueue(file = temporaryFile()): Promise<JobQueue> {
  const database = createStoreHandle(() => file)
  const problems: unknown[] = []
  const queue = createJobQueue({ database, workers: () => 1, report: (error) => void problems.push(error) })
  onTestFinished(async () => {
    await queue.stop()
    database.close()
    expect(problems).toEqual([])
  })
  await queue.start()
  return queue
}

/** The queue of another program, as its own process. */
export async function otherProgram(file: string): Promise<ChildProcess> {
  const entry = fileURLToPath(new URL('./children/queue.ts', import.meta.url))
  const child = spawn(process.execPath, [entry, file], { stdio: ['pipe', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      if (chunk.toString().includes('ready')) resolve()
    })
    child.on('exit', () => reject(new Error('The other program ended at its start')))
  })
  return child
}

/** Waits until the activity is as wanted. */
export function until(queue: JobQueue, wanted: (activity: Activity) => boolean): Promise<Activity> {
  return vi.waitUntil(() => (wanted(queue.activity()) ? queue.activity() : false), { timeout: 30_000, interval: 20 })
}

export const jobIn = ({ jobs }: Activity, id: string): JobRow => jobs.find((job) => job.id === id)!

/** Waits until a job is in a state. */
export async function jobThatIs(queue: JobQueue, id: string, ...states: JobRow['state'][]): Promise<JobRow> {
  const activity = await until(queue, (now) => now.jobs.some((job) => job.id === id && states.includes(job.state)))
  return jobIn(activity, id)
}

/** Waits until iterations of a job are stored. */
export async function jobUnderWay(queue: JobQueue, id: string, iterations = 2): Promise<JobRow> {
  const activity = await until(queue, (now) => (now.jobs.find((job) => job.id === id)?.done ?? 0) >= iterations)
  return jobIn(activity, id)
}
