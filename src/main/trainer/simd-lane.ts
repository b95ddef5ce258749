/** A thread that updates tasks with an SIMD engine of its own; see simd-lanes.ts. */
import { parentPort, workerData } from 'node:worker_threads'
import { createSimdEngine } from '../../core/nn/simd/engine.ts'
import { update, updateConfig, updateTask } from '../../core/engines/update.ts'
import { policyShapeOf } from '../../core/training/state.ts'
import type { LaneData, LaneMessage } from './simd-lanes.ts'

const { kernels, problem, data } = workerData as LaneData
const { width, rows } = problem
const policyShape = policyShapeOf(updateConfig(width))
const engine = createSimdEngine({ module: kernels, policyShape, capacity: rows, episodes: 1 })
const task = updateTask(width, data, (size) => engine.createBatch(size, 1))

const send = (message: LaneMessage) => parentPort!.postMessage(message)
parentPort!.on('message', (places: readonly number[]) => {
  void (async () => {
    for (const place of places) await update(engine, place, task)
    send(places)
  })()
})
send('ready')
