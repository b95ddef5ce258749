/** A task worker: one kernel memory and one MuJoCo module, doing one job at a time. */
import { parentPort, workerData } from 'node:worker_threads'
import type { Job } from '../../core/training/jobs.ts'
import { runJob } from '../../core/training/run-job.ts'
import { packRecorded } from './packed-episode.ts'
import type { WorkerData, WorkerReply, WorkerRequest } from './protocol.ts'
import { createWorkerContext } from './worker-context.ts'

const port = parentPort
if (!port) throw new Error('A task worker runs as a worker thread')
const context = await createWorkerContext(workerData as WorkerData)

const reply = async ({ id, job, pack }: WorkerRequest): Promise<WorkerReply> => {
  try {
    const result = await runJob<Job>(context, job)
    return { id, result: pack && 'recorded' in result ? packRecorded(result) : result }
  } catch (error) {
    const { message, stack } = error instanceof Error ? error : new Error(String(error))
    return { id, error: { message, detail: stack ?? message } }
  }
}

port.on('message', (request: WorkerRequest) => {
  void reply(request).then((message) => port.postMessage(message))
})
