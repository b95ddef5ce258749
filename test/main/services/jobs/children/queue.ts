// Argument: FILE. Takes its turn at the jobs of a database until its input ends; prints its activity as JSON lines.
import { writeSync } from 'node:fs'
import { createJobQueue } from '../../../../../src/main/services/jobs/job-queue.ts'
import { startServices } from '../../../../../src/main/services/life-cycle.ts'
import { createStoreHandle } from '../../../../../src/main/services/store-handle.ts'

const [file = ''] = process.argv.slice(2)
const database = createStoreHandle(() => file)
const queue = createJobQueue({ database, workers: () => 1, report: (error) => console.error(error) })
queue.onChange((activity) => writeSync(1, `${JSON.stringify(activity)}\n`))
const services = await startServices([queue])
writeSync(1, 'ready\n')
process.stdin.resume()
await new Promise((resolve) => process.stdin.on('end', resolve))
await services.stop()
database.close()
