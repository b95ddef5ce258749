/**
 * Is `fast` biased against `reference`? Single trajectories part after the first contact (the contact dynamics is
 * chaotic), so what must agree are statistics. Both physics run the same layouts under the same vase-chasing control;
 * per layout: steps in which the robot touches a vase, in which a vase moves, in which it stands in a hazard, and how
 * far the vases end up from their places. `fast` is equivalent if the 90 % interval of (fast - reference) / reference,
 * by a paired bootstrap over layouts, lies within +-7 % for each (two one-sided tests at 5 %).
 *
 *     node bench/physics-equivalence.ts [--layouts 400] [--steps 400] [--workers 2] [--out FILE]
 *
 * Layouts already in the result file are not run again.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { Worker, isMainThread, parentPort } from 'node:worker_threads'
import loadMujoco from '@mujoco/mujoco'
import { CostPart } from '../src/core/env/environment.ts'
import { PointGoalEnvironment } from '../src/core/env/goal-task.ts'
import { MujocoPool } from '../src/core/env/physics/mujoco.ts'
import { worlds } from '../src/core/env/world.ts'
import { stream } from '../src/core/random/stream.ts'
import { chaseVases } from './controls.ts'
import { formatTable } from './table.ts'

const WORLD = worlds['environment-2']
/** Outside the seeds of training and held-out tasks. */
const FIRST_SEED = 1000
const BOUND = 0.07
const CONFIDENCE = 0.9
const RESAMPLES = 10000
const MODES = ['reference', 'fast'] as const

const quantities = ['contact', 'velocity', 'hazard', 'displacement'] as const
type Quantity = (typeof quantities)[number]
type Measured = Record<Quantity, number>

interface LayoutResult {
  seed: number
  reference: Measured
  fast: Measured
}

interface Interval {
  referenceMean: number
  fastMean: number
  /** (fast - reference) / reference, and its interval. */
  difference: number
  low: number
  high: number
  equivalent: boolean
}

interface Report {
  settings: { world: string; control: string; steps: number; bound: number; confidence: number; resamples: number }
  machine: { cpu: string; node: string; mujoco: string }
  layouts: number
  intervals: Partial<Record<Quantity, Interval>>
  results: LayoutResult[]
}

interface Job {
  seed: number
  steps: number
}

if (isMainThread) await main()
else await work()

/** Worker: runs one layout in both physics per message. */
async function work(): Promise<void> {
  const port = parentPort!
  const pool = new MujocoPool(await loadMujoco())
  const envs = MODES.map(
    (physics) =>
      new PointGoalEnvironment(WORLD, pool, { goalVisible: false, goalRule: 'stay', horizon: Infinity, physics }),
  )
  port.on('message', ({ seed, steps }: Job) => {
    const [reference, fast] = envs.map((env) => chase(env, seed, steps)) as [Measured, Measured]
    port.postMessage({ seed, reference, fast } satisfies LayoutResult)
  })
}

function chase(env: PointGoalEnvironment, seed: number, steps: number): Measured {
  const control = chaseVases()
  const action = new Float64Array(env.actionSize)
  const measured: Measured = { contact: 0, velocity: 0, hazard: 0, displacement: 0 }
  env.setTask(seed)
  for (let i = 0; i < steps; i++) {
    control(env, action)
    env.step(action, 0)
    if (env.costParts & CostPart.vaseContact) measured.contact++
    if (env.costParts & CostPart.vaseVelocity) measured.velocity++
    if (env.costParts & CostPart.hazard) measured.hazard++
  }
  const { vasePoses } = env.scene
  env.layout.vases.forEach((vase, i) => {
    measured.displacement += Math.hypot(vasePoses[7 * i]! - vase.x, vasePoses[7 * i + 1]! - vase.y)
  })
  return measured
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      layouts: { type: 'string', default: '400' },
      steps: { type: 'string', default: '400' },
      workers: { type: 'string', default: String(Math.min(2, availableParallelism())) },
      out: { type: 'string', default: fileURLToPath(new URL('results/physics-equivalence.json', import.meta.url)) },
    },
  })
  const steps = Number(values.steps)
  const report = openReport(values.out, steps)
  const done = new Set(report.results.map(({ seed }) => seed))
  const seeds = Array.from({ length: Number(values.layouts) }, (_, i) => FIRST_SEED + i).filter((s) => !done.has(s))
  await Promise.all(Array.from({ length: Number(values.workers) }, () => runWorker(seeds, steps, values.out, report)))
  finish(report)
  save(values.out, report)
  print(report)
  if (!quantities.every((quantity) => report.intervals[quantity]?.equivalent)) process.exitCode = 1
}

function openReport(file: string, steps: number): Report {
  const settings = {
    world: WORLD.name,
    control: 'chase-vases, 80 steps each',
    steps,
    bound: BOUND,
    confidence: CONFIDENCE,
    resamples: RESAMPLES,
  }
  const mujoco = JSON.parse(
    readFileSync(new URL('../node_modules/@mujoco/mujoco/package.json', import.meta.url), 'utf8'),
  ) as {
    version: string
  }
  const machine = { cpu: cpus()[0]?.model ?? 'unknown', node: process.version, mujoco: mujoco.version }
  if (!existsSync(file)) return { settings, machine, layouts: 0, intervals: {}, results: [] }
  const report = JSON.parse(readFileSync(file, 'utf8')) as Report
  if (JSON.stringify(report.settings) !== JSON.stringify(settings)) {
    throw new Error(`${file} holds results of other settings: ${JSON.stringify(report.settings)}`)
  }
  return report
}

/** Takes seeds off the shared list until it is empty. */
function runWorker(seeds: number[], steps: number, file: string, report: Report): Promise<void> {
  const worker = new Worker(new URL(import.meta.url))
  return new Promise((resolve, reject) => {
    const next = () => {
      const seed = seeds.shift()
      if (seed === undefined) void worker.terminate().then(() => resolve())
      else worker.postMessage({ seed, steps } satisfies Job)
    }
    worker.on('error', reject)
    worker.on('message', (result: LayoutResult) => {
      report.results.push(result)
      if (report.results.length % 10 === 0) save(file, report)
      next()
    })
    next()
  })
}

function finish(report: Report): void {
  report.results.sort((a, b) => a.seed - b.seed)
  report.layouts = report.results.length
  for (const quantity of quantities) report.intervals[quantity] = bootstrap(report.results, quantity)
}

/** Percentile bootstrap of the ratio of sums over layouts. */
function bootstrap(results: readonly LayoutResult[], quantity: Quantity): Interval {
  const reference = results.map((result) => result.reference[quantity])
  const fast = results.map((result) => result.fast[quantity])
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
  const random = stream(1, 'physics-equivalence', quantity)
  const ratios = Float64Array.from({ length: RESAMPLES }, () => {
    let a = 0
    let b = 0
    for (let i = 0; i < results.length; i++) {
      const pick = random.integer(results.length)
      a += reference[pick]!
      b += fast[pick]!
    }
    return b / a - 1
  }).sort()
  const tail = (1 - CONFIDENCE) / 2
  const low = ratios[Math.floor(tail * (RESAMPLES - 1))]!
  const high = ratios[Math.ceil((1 - tail) * (RESAMPLES - 1))]!
  return {
    referenceMean: sum(reference) / results.length,
    fastMean: sum(fast) / results.length,
    difference: sum(fast) / sum(reference) - 1,
    low,
    high,
    equivalent: low > -BOUND && high < BOUND,
  }
}

/** One layout per line, and never half a file. */
function save(file: string, report: Report): void {
  const { results, ...head } = report
  const lines = results.map((result) => `    ${JSON.stringify(result)}`).join(',\n')
  const text = `${JSON.stringify(head, null, 2).slice(0, -2)},\n  "results": [\n${lines}\n  ]\n}\n`
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(`${file}.part`, text)
  renameSync(`${file}.part`, file)
}

function print(report: Report): void {
  const percent = (value: number) => `${(100 * value).toFixed(1)} %`
  const rows = quantities.map((quantity) => {
    const { referenceMean, fastMean, difference, low, high, equivalent } = report.intervals[quantity]!
    const interval = `${percent(low)} to ${percent(high)}`
    return [quantity, referenceMean, fastMean, percent(difference), interval, equivalent ? 'yes' : 'no']
  })
  const title = `fast against reference, ${report.layouts} layouts x ${report.settings.steps} steps, per-layout means`
  const columns = ['quantity', 'reference', 'fast', 'difference', '90 % interval', 'within 7 %']
  console.log(formatTable({ title, columns, rows }))
}
