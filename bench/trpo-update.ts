/**
 * The TRPO update of OmniSafe by phase, one thread each: the SIMD learner (with and without relaxed FMA) beside
 * TensorFlow.js's WebAssembly backend and, if CMAML_BENCH_PYTHON names a Python with torch, PyTorch as OmniSafe runs
 * it. 20,000 transitions of 72 observations, 64-64 tanh, 2 actions; 15 conjugate-gradient iterations (17 Fisher
 * products, as OmniSafe codes them), two line-search candidates, both critics 10 epochs on minibatches of 128.
 *
 *     CMAML_BENCH_PYTHON=/path/to/python node bench/trpo-update.ts
 *
 * All take turns round by round; a phase counts with its fastest round, in processor time of its one thread, which on
 * an idle machine is the time that passes and on a busy one does not count the others. Writes results/trpo-update.json.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { createCritic, copyCritic, type CriticState } from '../src/core/nn/critic.ts'
import { initialisePolicy } from '../src/core/nn/initialise.ts'
import type { CriticFitSettings } from '../src/core/nn/learner.ts'
import type { PolicyShape } from '../src/core/nn/policy.ts'
import { createSimdEngine, type SimdEngine } from '../src/core/nn/simd/engine.ts'
import { instantiateKernels, type KernelVariant } from '../src/core/nn/simd/kernels.ts'
import { stream } from '../src/core/random/stream.ts'
import type { Batch } from '../src/core/rl/batch.ts'
import { conjugateGradient } from '../src/core/rl/conjugate-gradient.ts'
import { startPytorch } from './pytorch-update.ts'
import { formatTable } from './table.ts'
import { createTfjsUpdate, startTfjsWasm } from './tfjs-update.ts'

const ROWS = 20_000
const POLICY: PolicyShape = { observationSize: 72, hidden: [64, 64], actionSize: 2 }
const CG_STEPS = 15
/** OmniSafe starts with a product of the zero vector and ends with one of the solution. */
const FISHER_PRODUCTS = CG_STEPS + 2
const LINE_SEARCH_STEPS = 2
const CRITIC_EPOCHS = 10
const DAMPING = 0.1
const ROUNDS = 7

/** What every contender works on. */
export interface UpdateProblem {
  readonly policy: PolicyShape
  readonly rows: number
  readonly theta: Float32Array
  readonly batch: Batch
  readonly weights: Float32Array
  readonly targets: readonly Float32Array[]
  readonly critics: readonly CriticState[]
  readonly criticSettings: CriticFitSettings
}

/** Milliseconds of processor time. */
export interface Phases {
  readonly gradient: number
  /** All 17, with the algebra of conjugate gradients. */
  readonly fisherProducts: number
  readonly lineSearch: number
  /** Both critics. */
  readonly criticEpoch: number
}

/** The operations that are timed; `fisherProduct` is without damping. */
interface Operations {
  surrogateGradient(): Float32Array
  fisherProduct(v: Float32Array): Float32Array
  evaluatePolicy(theta: Float32Array): unknown
  fitCritics(order: Int32Array): void
}

/** Processor time of this thread, milliseconds. */
function threadTime(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}

const wholeUpdate = (phases: Phases) =>
  phases.gradient + phases.fisherProducts + phases.lineSearch + CRITIC_EPOCHS * phases.criticEpoch

/** Floating-point operations of one Fisher product's matrix products: forward mode, then reverse mode. */
function fisherFlops({ observationSize, hidden, actionSize }: PolicyShape): number {
  const sizes = [observationSize, ...hidden, actionSize]
  let products = 0
  for (let l = 0; l + 1 < sizes.length; l++) products += sizes[l]! * sizes[l + 1]! * (l === 0 ? 2 : 4)
  return 2 * ROWS * products
}

const kernelModule = (variant: KernelVariant) =>
  new WebAssembly.Module(readFileSync(new URL(`../resources/kernels/${variant}.wasm`, import.meta.url)))

function createProblem(engine: SimdEngine): UpdateProblem {
  const random = stream(1, 'trpo-update')
  const normals = (length: number) => new Float32Array(length).map(() => random.normal())
  const batch = engine.createBatch(ROWS, 1)
  batch.size = ROWS
  batch.observations.set(normals(batch.observations.length))
  batch.actions.set(normals(batch.actions.length))
  batch.logProbs.fill(-2.5)
  return {
    policy: POLICY,
    rows: ROWS,
    theta: initialisePolicy(POLICY, 0.5, -0.5, random),
    batch,
    weights: normals(ROWS),
    targets: [normals(ROWS), normals(ROWS)],
    critics: [createCritic(POLICY, random), createCritic(POLICY, random)],
    criticSettings: { minibatch: 128, learningRate: 1e-3, l2: 1e-3, maxGradientNorm: 40 },
  }
}

function simdOperations(engine: SimdEngine, problem: UpdateProblem): Operations {
  const { batch, theta, weights, targets, critics, criticSettings } = problem
  return {
    surrogateGradient() {
      engine.bind(batch, theta, 1)
      return engine.surrogateGradient(theta, weights)
    },
    fisherProduct: (v) => engine.fisherProduct(v),
    evaluatePolicy: (candidate) => engine.evaluatePolicy(candidate, [weights]),
    fitCritics(order) {
      const fits = critics.map((critic, i) => ({ critic: copyCritic(critic), targets: targets[i]! }))
      engine.fitCritics(batch, fits, [order], criticSettings)
    },
  }
}

async function measure(operations: Operations, problem: UpdateProblem): Promise<Phases> {
  const order = stream(2, 'order').shuffle(Int32Array.from({ length: ROWS }, (_, i) => i))
  const timed = async (work: () => unknown) => {
    const start = threadTime()
    await work()
    return threadTime() - start
  }
  const gradient = await timed(() => operations.surrogateGradient())
  const b = operations.surrogateGradient()
  const product = (v: Float32Array) => operations.fisherProduct(v)
  const fisherProducts = await timed(async () => {
    product(new Float32Array(b.length))
    const { x } = await conjugateGradient(product, b, CG_STEPS, DAMPING)
    product(Float32Array.from(x))
  })
  const lineSearch = await timed(() => {
    for (let i = 0; i < LINE_SEARCH_STEPS; i++) operations.evaluatePolicy(problem.theta)
  })
  const criticEpoch = await timed(() => operations.fitCritics(order))
  return { gradient, fisherProducts, lineSearch, criticEpoch }
}

/** Microseconds of one policy forward of `rows` rows; too short for the processor's clock, so by the wall's. */
function forwardTime(engine: SimdEngine, problem: UpdateProblem, rows: number): number {
  const calls = 2000
  engine.loadPolicy(problem.theta)
  const start = performance.now()
  for (let i = 0; i < calls; i++) engine.forwardPolicy(problem.batch, 100, rows)
  return (1000 * (performance.now() - start)) / calls
}

/** Multiply-adds in registers, GFLOP/s; short calls, so that the compiler's optimised code soon takes over. */
function roof(variant: KernelVariant): () => number {
  const kernels = instantiateKernels(kernelModule(variant), new WebAssembly.Memory({ initial: 2, maximum: 2 }))
  const iterations = 20_000
  return () => {
    let fastest = Infinity
    for (let call = 0; call < 500; call++) {
      const start = performance.now()
      kernels.multiplyAddRoof(iterations, 0)
      fastest = Math.min(fastest, performance.now() - start)
    }
    return (96 * iterations) / fastest / 1e6
  }
}

function relativeDifference(a: Float32Array, b: Float32Array): number {
  const norm = (v: Float32Array) => Math.hypot(...v)
  return norm(a.map((value, i) => value - b[i]!)) / norm(b)
}

async function main(): Promise<void> {
  const engines = (['relaxed', 'portable'] as const).map((variant) => {
    const engine = createSimdEngine({ module: kernelModule(variant), policyShape: POLICY, capacity: ROWS, episodes: 1 })
    const problem = createProblem(engine)
    return { variant, engine, problem, operations: simdOperations(engine, problem), roof: roof(variant) }
  })
  const problem = engines[0]!.problem
  await startTfjsWasm()
  const tfjs = createTfjsUpdate(problem)
  const pytorch = await startPytorch(process.env['CMAML_BENCH_PYTHON'], ROWS, POLICY)

  // The contenders compute the same: else their times say nothing.
  const simd = engines[0]!.operations
  const gradient = simd.surrogateGradient()
  const differences = {
    gradient: relativeDifference(tfjs.surrogateGradient(), gradient),
    fisherProduct: relativeDifference(tfjs.fisherProduct(gradient), simd.fisherProduct(gradient)),
  }
  if (!(differences.gradient < 1e-4 && differences.fisherProduct < 1e-4)) {
    throw new Error(`SIMD and tfjs disagree: ${JSON.stringify(differences)}`)
  }

  const contenders: { name: string; round: () => Promise<Phases>; best?: Phases }[] = [
    ...engines.map(({ engine, operations, problem: own }) => ({
      name: engine.name,
      round: () => measure(operations, own),
    })),
    { name: 'tfjs wasm', round: () => measure(tfjs, problem) },
    ...(pytorch ? [{ name: `PyTorch ${pytorch.version}, as OmniSafe`, round: () => pytorch.round() }] : []),
  ]
  const roofs = engines.map(() => 0)
  const forwardRows = [1, 5, 16, 64] as const
  const forwards = engines.map(() => forwardRows.map(() => Infinity))
  for (let round = 0; round < ROUNDS; round++) {
    for (const contender of contenders) {
      const now = await contender.round()
      const best = contender.best ?? now
      contender.best = {
        gradient: Math.min(best.gradient, now.gradient),
        fisherProducts: Math.min(best.fisherProducts, now.fisherProducts),
        lineSearch: Math.min(best.lineSearch, now.lineSearch),
        criticEpoch: Math.min(best.criticEpoch, now.criticEpoch),
      }
    }
    engines.forEach((entry, i) => {
      roofs[i] = Math.max(roofs[i]!, entry.roof())
      forwardRows.forEach((rows, k) => {
        forwards[i]![k] = Math.min(forwards[i]![k]!, forwardTime(entry.engine, entry.problem, rows))
      })
    })
  }
  pytorch?.stop()

  const results = contenders.map(({ name, best }) => ({ name, ...best!, update: wholeUpdate(best!) }))
  const baseline = results.at(-1)!
  const fisher = engines.map(({ engine }, i) => {
    const gflops = (FISHER_PRODUCTS * fisherFlops(POLICY)) / results[i]!.fisherProducts / 1e6
    return { name: engine.name, multiplyAdd: engine.multiplyAdd, gflops, roof: roofs[i]!, share: gflops / roofs[i]! }
  })
  const updateTable = formatTable({
    title: `TRPO update, ${ROWS} x ${POLICY.observationSize}, ${POLICY.hidden.join('-')}, one thread, ms of processor time (fastest of ${ROUNDS} rounds)`,
    columns: ['', 'gradient', '1 FVP', `${FISHER_PRODUCTS} FVP`, 'line search', 'critic epoch', 'update', 'speed-up'],
    rows: results.map((r) => [
      r.name,
      r.gradient,
      r.fisherProducts / FISHER_PRODUCTS,
      r.fisherProducts,
      r.lineSearch,
      r.criticEpoch,
      r.update,
      baseline.update / r.update,
    ]),
  })
  const fisherTable = formatTable({
    title: 'Fisher product against the roof of register-only multiply-adds, GFLOP/s',
    columns: ['', 'multiply-add', 'product', 'roof', 'share %'],
    rows: fisher.map((f) => [f.name, f.multiplyAdd, f.gflops, f.roof, 100 * f.share]),
  })
  const forwardTable = formatTable({
    title: 'Policy forward, microseconds per call',
    columns: ['', ...forwardRows.map((rows) => `${rows} row${rows > 1 ? 's' : ''}`)],
    rows: engines.map(({ engine }, i) => [engine.name, ...forwards[i]!]),
  })
  console.log([updateTable, fisherTable, forwardTable].join('\n\n'))

  const report = {
    machine: { cpu: cpus()[0]?.model, node: process.version },
    rows: ROWS,
    policy: POLICY,
    rounds: ROUNDS,
    milliseconds: results,
    speedUpOver: baseline.name,
    speedUp: Object.fromEntries(results.map((r) => [r.name, baseline.update / r.update])),
    fisherProduct: fisher,
    forwardMicroseconds: Object.fromEntries(engines.map(({ engine }, i) => [engine.name, forwards[i]!])),
    forwardRows,
    differenceToTfjs: differences,
  }
  mkdirSync(new URL('results', import.meta.url), { recursive: true })
  writeFileSync(new URL('results/trpo-update.json', import.meta.url), `${JSON.stringify(report, null, 2)}\n`)
}

await main()
