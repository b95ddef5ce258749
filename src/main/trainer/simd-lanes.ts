import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { UpdateData } from '../../core/engines/update.ts'
import type { EngineProblem } from '../../core/engines/timings.ts'

/** What a lane is born with. */
export interface LaneData {
  readonly kernels: WebAssembly.Module
  readonly problem: EngineProblem
  readonly data: UpdateData
}

/** Tasks to update, by their places; the answer is the same once they are. */
export type LaneMessage = readonly number[] | 'ready'

/** Threads with an SIMD engine each, as the task workers of a run have. */
export interface SimdLanes {
  /** Updates all tasks of the problem. @returns wall time in seconds */
  update(): Promise<number>
  close(): Promise<void>
}

/** @param most lanes; no more than tasks are started */
export async function startSimdLanes(most: number, data: LaneData): Promise<SimdLanes> {
  const { tasks } = data.problem
  const count = Math.min(most, tasks)
  const entry = new URL(`./simd-lane${extname(import.meta.url)}`, import.meta.url)
  const lanes = Array.from(
    { length: count },
    (_, i) => new Worker(entry, { workerData: data, name: `SIMD lane ${i + 1}` }),
  )
  const next = (lane: Worker) =>
    new Promise<LaneMessage>((resolve, reject) => {
      const settle = () => {
        lane.off('message', onMessage).off('error', onError).off('exit', onExit)
      }
      const onMessage = (message: LaneMessage) => (settle(), resolve(message))
      const onError = (error: Error) => (settle(), reject(error))
      const onExit = (code: number) => onError(new Error(`A thread of the SIMD engine ended with exit code ${code}`))
      lane.on('message', onMessage).on('error', onError).on('exit', onExit)
    })
  const close = async () => void (await Promise.all(lanes.map((lane) => lane.terminate())))
  try {
    await Promise.all(lanes.map(next))
  } catch (error) {
    await close()
    throw error
  }
  return {
    async update() {
      const start = performance.now()
      let begun = 0
      const work = async (lane: Worker) => {
        while (begun < tasks) {
          const done = next(lane)
          lane.postMessage([begun++])
          await done
        }
      }
      await Promise.all(lanes.map(work))
      return (performance.now() - start) / 1000
    },
    close,
  }
}
