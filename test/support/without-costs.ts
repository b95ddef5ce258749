import type { Environment } from '../../src/core/env/environment.ts'
import { localRollouts } from '../../src/core/training/rollouts.ts'
import type { WorkerContext } from '../../src/core/training/worker-context.ts'

/** The same worlds, where nothing costs anything. */
export function withoutCosts(worker: WorkerContext): WorkerContext {
  const environments: WorkerContext['environments'] = (layouts) =>
    worker.environments(layouts).map((world) => new CostFree(world))
  return { ...worker, environments, rollouts: localRollouts({ ...worker, environments }) }
}

class CostFree implements Environment {
  readonly cost = 0
  readonly costParts = 0
  private readonly world: Environment
  constructor(world: Environment) {
    this.world = world
  }
  reset(): void {
    this.world.reset()
  }
  step(actions: ArrayLike<number>, offset: number): void {
    this.world.step(actions, offset)
  }
  observe(out: Float64Array, offset: number): void {
    this.world.observe(out, offset)
  }
  get observationSize() {
    return this.world.observationSize
  }
  get actionSize() {
    return this.world.actionSize
  }
  get reward() {
    return this.world.reward
  }
  get goalReached() {
    return this.world.goalReached
  }
  get terminated() {
    return this.world.terminated
  }
  get truncated() {
    return this.world.truncated
  }
  get steps() {
    return this.world.steps
  }
}
