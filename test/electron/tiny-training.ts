// A program that trains a tiny run and prints its end as JSON: under Node, or with the stand-in as Electron's main process.
// With `kill` it ends the trainer in the midst of its work instead, and prints how that was told.
import { createHash } from 'node:crypto'
import { serialize } from 'node:v8'
import { parseRunConfig } from '../../src/core/config/parse.ts'
import type { TrainingState } from '../../src/core/training/state.ts'
import { spawnTrainer } from '../../src/main/trainer/spawn.ts'
import { TINY } from '../main/cli/cmaml.ts'

const kill = process.argv.includes('kill')
const config = parseRunConfig(kill ? { ...TINY, meta: { ...TINY.meta, iterations: 1000 } } : TINY)
const trainer = await spawnTrainer({ config, workers: 1 })
let last: TrainingState | undefined
try {
  await trainer.train({ config, state: null }, ({ state }) => {
    last = state
    if (kill) process.kill(trainer.pid, 'SIGKILL')
  })
  const sha256 = createHash('sha256').update(serialize(last)).digest('hex')
  console.log(JSON.stringify({ iteration: last?.iteration, sha256 }))
} catch (error) {
  console.log(JSON.stringify({ name: (error as Error).name, message: (error as Error).message }))
} finally {
  await trainer.close()
}
process.exit(0)
