/**
 * Meta-iterations per minute of the quickstart, how they scale from 1 to 2 workers, and the memory of a worker.
 * Needs two idle cores. One and two workers take turns in the same run, so that a drift of the machine hits both.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { applyAssignments, parseRunConfig } from '../src/core/config/parse.ts'
import type { MetricName } from '../src/core/training/records.ts'
import type { TrainingState } from '../src/core/training/state.ts'
import { spawnTrainer } from '../src/main/trainer/spawn.ts'
import type { TrainerClient } from '../src/main/trainer/client.ts'

/** The first iterations of a process compile; they are not counted. */
const WARM_UP = 5
const ITERATIONS = 8
const ROUNDS = 4
const TIMES = ['secondsTasks', 'secondsOuter', 'secondsTotal'] as const satisfies MetricName[]

const preset = JSON.parse(readFileSync(new URL('../resources/presets/quickstart.json', import.meta.url), 'utf8')) as {
  description?: string
}
delete preset.description
const configFor = (iterations: number) => parseRunConfig(applyAssignments(preset, [`meta.iterations=${iterations}`]))
const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1]!

interface Trainer {
  readonly client: TrainerClient
  readonly seconds: Record<(typeof TIMES)[number], number[]>
  state: TrainingState | null
}

async function start(workers: number): Promise<Trainer> {
  const client = await spawnTrainer({ config: configFor(WARM_UP), workers })
  return { client, seconds: { secondsTasks: [], secondsOuter: [], secondsTotal: [] }, state: null }
}

async function iterate(trainer: Trainer, count: number, record: boolean): Promise<void> {
  const done = trainer.state?.iteration ?? 0
  await trainer.client.train({ config: configFor(done + count), state: trainer.state }, ({ state, record: row }) => {
    trainer.state = state
    if (record) for (const name of TIMES) trainer.seconds[name].push(row.metrics[name] ?? 0)
  })
}

/** Largest resident memory that the process has had, in MB. */
function peakMemory({ client }: Trainer): number {
  const status = readFileSync(`/proc/${client.pid}/status`, 'utf8')
  return Number(/VmHWM:\s+(\d+)/.exec(status)![1]) / 1024
}

const [one, two] = [await start(1), await start(2)]
for (const trainer of [one, two]) await iterate(trainer, WARM_UP, false)
for (let round = 0; round < ROUNDS; round++) for (const trainer of [one, two]) await iterate(trainer, ITERATIONS, true)

const [time1, time2] = [one, two].map(({ seconds }) =>
  Object.fromEntries(TIMES.map((name) => [name, median(seconds[name])])),
) as [Record<string, number>, Record<string, number>]
const rows = TIMES.map((name) => ({
  phase: name,
  'one worker (s)': time1[name]!.toFixed(3),
  'two workers (s)': time2[name]!.toFixed(3),
  speedup: (time1[name]! / time2[name]!).toFixed(2),
}))
const memory = { oneWorker: peakMemory(one), twoWorkers: peakMemory(two) }
const report = {
  what: 'preset quickstart, medians over iterations, one and two workers in turn',
  iterations: ROUNDS * ITERATIONS,
  phases: rows,
  metaIterationsPerMinute: { oneWorker: 60 / time1['secondsTotal']!, twoWorkers: 60 / time2['secondsTotal']! },
  peakMemoryMB: { ...memory, perWorker: memory.twoWorkers - memory.oneWorker },
  identity: two.client.identity,
}
console.table(rows)
console.log(JSON.stringify({ ...report, phases: undefined }, null, 2))
writeFileSync(new URL('results/training.json', import.meta.url), `${JSON.stringify(report, null, 2)}\n`)
await Promise.all([one.client.close(), two.client.close()])
