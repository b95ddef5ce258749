/**
 * Environment steps per second on one core, with observation (goal hidden), reward and cost: `fast` beside `reference`,
 * which is MuJoCo for every substep. Each task runs 400 steps, then the next seed's begins. The last row of each world
 * collects whole rollouts of five environments with a fresh 64-64 policy, as training does.
 *
 *     node bench/simulator.ts
 */
import { writeFileSync } from 'node:fs'
import loadMujoco from '@mujoco/mujoco'
import { parseRunConfig } from '../src/core/config/parse.ts'
import { PointGoalEnvironment } from '../src/core/env/goal-task.ts'
import type { PhysicsMode } from '../src/core/env/goal-task.ts'
import { MujocoPool } from '../src/core/env/physics/mujoco.ts'
import { worlds } from '../src/core/env/world.ts'
import type { World, WorldName } from '../src/core/env/world.ts'
import { repeated } from '../src/core/training/worker-context.ts'
import { randomPolicy } from '../src/core/training/state.ts'
import { pointGoalScaling } from '../src/core/nn/observation-scaling.ts'
import { stream } from '../src/core/random/stream.ts'
import { rollout } from '../src/core/rl/rollout.ts'
import { loadKernels } from '../src/main/trainer/kernels.ts'
import { createWorkerContext } from '../src/main/trainer/worker-context.ts'
import { chaseVases, randomControl } from './controls.ts'
import type { Control } from './controls.ts'
import { formatTable } from './table.ts'
import type { BenchTable } from './table.ts'

const HORIZON = 400
const FIRST_SEED = 1000
/** Both physics take turns, so that a busy machine slows both; the median round counts. */
const ROUNDS = 5
const ROUND_MS = 800
const MODES = ['reference', 'fast'] as const satisfies readonly PhysicsMode[]

/** Runs a task's episodes and says how many environment steps that were. */
type Work = (seed: number) => number

function controlled(pool: MujocoPool, world: World, physics: PhysicsMode, control: Control): Work {
  const env = new PointGoalEnvironment(world, pool, { goalVisible: false, goalRule: 'stay', horizon: HORIZON, physics })
  const action = new Float64Array(env.actionSize)
  const observation = new Float64Array(env.observationSize)
  return (seed) => {
    env.setTask(seed)
    while (!env.truncated) {
      control(env, action)
      env.step(action, 0)
      env.observe(observation, 0)
    }
    return HORIZON
  }
}

/** With scaling, policy forward and sampling. */
async function withPolicy(world: WorldName, physics: PhysicsMode): Promise<Work> {
  const config = parseRunConfig({ environment: { world, physics, horizon: HORIZON } })
  const { engine, environments, batch } = await createWorkerContext({ config, kernels: loadKernels('auto').module })
  const theta = randomPolicy(config, [FIRST_SEED, 'policy'])
  const scaling = pointGoalScaling(engine.policyShape.observationSize)
  return (seed) => {
    const chosen = environments(repeated(seed, config.inner.episodes))
    rollout(engine, engine.policyShape, theta, chosen, scaling, batch, stream(seed))
    return batch.size
  }
}

/** Steps per second in one round, after one task to warm up. */
function measure(work: Work): number {
  work(FIRST_SEED)
  const start = performance.now()
  let elapsed = 0
  let steps = 0
  for (let seed = FIRST_SEED; elapsed < ROUND_MS; seed++) {
    steps += work(seed)
    elapsed = performance.now() - start
  }
  return (1000 * steps) / elapsed
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1]!

/** Median steps per second of each physics. */
function compare(works: readonly Work[]): number[] {
  const rounds = Array.from({ length: ROUNDS }, () => works.map(measure))
  return works.map((_, i) => median(rounds.map((round) => round[i]!)))
}

export async function benchSimulator(): Promise<BenchTable> {
  const pool = new MujocoPool(await loadMujoco())
  const rows: (string | number)[][] = []
  for (const world of [worlds['environment-1'], worlds['environment-2']]) {
    const cases: [name: string, works: Work[]][] = [
      ['random', MODES.map((physics) => controlled(pool, world, physics, randomControl(1)))],
      ['chasing vases', MODES.map((physics) => controlled(pool, world, physics, chaseVases()))],
      ['rollouts with a policy', await Promise.all(MODES.map((physics) => withPolicy(world.name, physics)))],
    ]
    for (const [name, works] of cases) {
      const [reference, fast] = compare(works) as [number, number]
      rows.push([world.title, name, reference, fast, fast / reference])
    }
  }
  return {
    title: 'Environment steps per second on one core',
    columns: ['world', 'control', 'reference', 'fast', 'times'],
    rows,
  }
}

if (import.meta.main) {
  const table = await benchSimulator()
  console.log(formatTable(table))
  writeFileSync(new URL('results/simulator.json', import.meta.url), `${JSON.stringify(table, null, 2)}\n`)
}
