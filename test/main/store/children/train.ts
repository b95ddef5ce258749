// Arguments: FILE COUNT. Commits COUNT iterations (0: without end) to a new run; prints its id, then each iteration
// after its commit returned.
import { writeSync } from 'node:fs'
import { openStore } from '../../../../src/main/store/open.ts'
import { iterationResult, metaTraining } from '../samples.ts'

const [file = '', count = '0'] = process.argv.slice(2)
const store = await openStore(file, { appVersion: 'test', mode: 'create' })
const { id } = store.createRun(metaTraining({ name: `process ${process.pid}` }))
writeSync(1, `${id}\n`)
const last = Number(count) || Infinity
for (let iteration = 1; iteration <= last; iteration++) {
  store.commitIteration(id, iterationResult(iteration), iteration % 3 === 0)
  writeSync(1, `${iteration}\n`)
}
store.finishRun(id, { status: 'completed' })
store.close()
