import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Executor, Job, JobResult, RecordJob } from '../../core/training/jobs.ts'
import type { PackedRecording } from './packed-episode.ts'
import type { WorkerData, WorkerReply, WorkerRequest } from './protocol.ts'

type WorkerResult = Extract<WorkerReply, { readonly result: unknown }>['result']

interface Pending {
  readonly request: WorkerRequest
  readonly resolve: (result: WorkerResult) => void
  readonly reject: (error: Error) => void
}

/** Worker threads that do jobs as they become free; which worker does a job makes no difference to its result. */
export interface WorkerPool extends Executor {
  readonly size: number
  /** One job, as soon as a worker is free. */
  run<J extends Job>(job: J): Promise<JobResult<J>>
  /** The worker packs them too. */
  record(job: RecordJob): Promise<readonly PackedRecording[]>
  close(): Promise<void>
}

export function createWorkerPool(count: number, workerData: WorkerData): WorkerPool {
  // The same folder holds worker.ts in a checkout and worker.js in a build.
  const entry = new URL(`./worker${extname(import.meta.url)}`, import.meta.url)
  const waiting: Pending[] = []
  const busy = new Map<Worker, Pending>()
  const idle: Worker[] = []
  const all: Worker[] = []
  let broken: Error | null = null
  let closing = false
  let nextId = 0

  const breakDown = (error: Error) => {
    broken ??= error
    for (const pending of [...busy.values(), ...waiting]) pending.reject(broken)
    busy.clear()
    waiting.length = 0
  }
  const dispatch = () => {
    while (idle.length > 0 && waiting.length > 0) {
      const worker = idle.pop()!
      const pending = waiting.shift()!
      busy.set(worker, pending)
      worker.postMessage(pending.request)
    }
  }
  const settle = (worker: Worker, reply: WorkerReply) => {
    const pending = busy.get(worker)
    if (!pending || pending.request.id !== reply.id) return
    busy.delete(worker)
    idle.push(worker)
    if ('error' in reply) pending.reject(Object.assign(new Error(reply.error.message), { stack: reply.error.detail }))
    else pending.resolve(reply.result)
    dispatch()
  }
  for (let i = 0; i < count; i++) {
    const worker = new Worker(entry, { workerData, name: `task worker ${i + 1}` })
    worker.on('message', (reply: WorkerReply) => settle(worker, reply))
    worker.on('error', (error) => breakDown(error instanceof Error ? error : new Error(String(error))))
    worker.on('exit', (code) => {
      // Whatever the code: a worker lives until the pool is closed.
      if (!closing) breakDown(new Error(`A task worker ended with exit code ${code}`))
    })
    all.push(worker)
    idle.push(worker)
  }

  const enqueue = (job: Job, pack: boolean): Promise<WorkerResult> => {
    if (broken) return Promise.reject(broken)
    const result = new Promise<WorkerResult>((resolve, reject) => {
      waiting.push({ request: { id: nextId++, job, pack }, resolve, reject })
    })
    dispatch()
    return result
  }
  const run = <J extends Job>(job: J) => enqueue(job, false) as Promise<JobResult<J>>
  return {
    size: count,
    run,
    record: (job) => enqueue(job, true) as Promise<readonly PackedRecording[]>,
    runAll: (jobs) => Promise.all(jobs.map((job) => run(job))),
    async close() {
      closing = true
      await Promise.all(all.map((worker) => worker.terminate()))
    },
  }
}

/** Memory that all workers of this process see without copying. */
export const allocateShared = (floats: number): Float32Array => new Float32Array(new SharedArrayBuffer(4 * floats))
