// Argument: FILE. Makes and deletes runs and collects garbage until its input ends; prints the bytes that it freed.
import { setImmediate } from 'node:timers/promises'
import { openStore } from '../../../../src/main/store/open.ts'
import { config, iterationResult, metaTraining } from '../samples.ts'

const store = await openStore(process.argv[2] ?? '', { appVersion: 'test', mode: 'create' })
const larger = config({ policy: { hidden: [64, 64] } })
let ended = false
process.stdin.on('end', () => (ended = true)).resume()
let freed = 0
while (!ended) {
  const { id } = store.createRun(metaTraining({ name: 'short-lived', config: larger }))
  store.commitIteration(id, iterationResult(1, larger), true)
  store.finishRun(id, { status: 'stopped' })
  store.deleteRun(id)
  freed += store.gc().bytesFreed
  await setImmediate()
}
store.close()
process.stdout.write(`${freed}\n`)
