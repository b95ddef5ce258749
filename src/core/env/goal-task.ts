/**
 * Safety-Gymnasium's Goal tasks with the point robot: go to the goal, stay out of hazards, leave the vases alone
 * (safety-gymnasium 1.0.0: builder.py:192-289, bases/underlying.py:314-367, tasks/safe_navigation/goal/goal_level0.py).
 */
import { RandomState } from '../random/mt19937.ts'
import { costParts, costRule } from './costs.ts'
import type { CostRule } from './costs.ts'
import type { Environment } from './environment.ts'
import { sampleGoal, sampleLayout } from './layout.ts'
import type { Layout, Placement, Point } from './layout.ts'
import { LIDAR_BINS, addToLidar } from './lidar.ts'
import { FastPhysics } from './physics/fast.ts'
import type { MujocoPool } from './physics/mujoco.ts'
import type { Physics, SceneState } from './physics/physics.ts'
import { ReferencePhysics } from './physics/reference.ts'
import { SENSOR_VALUES } from './point-robot.ts'
import { countObjects, observationSizeOf, withVasesConstrained } from './world.ts'
import type { GoalRule, World } from './world.ts'

export type PhysicsMode = 'fast' | 'reference'

export interface GoalTaskOptions {
  /** Whether the goal's lidar is part of the observation. */
  readonly goalVisible: boolean
  /** Overrides the world's own rule. */
  readonly goalRule?: GoalRule
  /** Environment steps before an episode is cut. */
  readonly horizon: number
  readonly physics: PhysicsMode
  /** Overrides the world's own word on whether vases cost. */
  readonly vasesConstrained?: boolean
}

/** bases/base_task.py:81, `reward_clip` */
const MAX_REWARD = 10
/** Forward force and turning rate. */
export const ACTION_SIZE = 2

const clip = (value: number, limit: number) => (value > limit ? limit : value < -limit ? -limit : value)

export class PointGoalEnvironment implements Environment {
  readonly observationSize: number
  readonly actionSize = ACTION_SIZE
  readonly world: World
  readonly options: GoalTaskOptions
  readonly goalRule: GoalRule

  reward = 0
  cost = 0
  costParts = 0
  goalReached = false
  terminated = false
  truncated = false
  steps = 0

  private readonly physics: Physics
  private readonly hasHazards: boolean
  private placed: Layout | null = null
  private rule: CostRule = { hazards: new Float64Array(0), vaseSpeed: null }
  /** x and y of each hazard, [hazards x 2]. */
  private hazards = new Float64Array(0)
  private goalX = 0
  private goalY = 0
  private lastDistance = 0
  /** Safety-Gymnasium's stream: where the reset leaves it, and where it is now. */
  private readonly resetRandom = new RandomState(0)
  private readonly random = new RandomState(0)
  private readonly view = { x: 0, y: 0, cos: 1, sin: 0 }

  constructor(world: World, pool: MujocoPool, options: GoalTaskOptions) {
    const { vasesConstrained } = options
    this.world = vasesConstrained === undefined ? world : withVasesConstrained(world, vasesConstrained)
    this.options = options
    this.goalRule = options.goalRule ?? world.goal.rule
    const vases = countObjects(world, 'vase')
    this.hasHazards = countObjects(world, 'hazard') > 0
    this.physics = options.physics === 'fast' ? new FastPhysics(pool, vases) : new ReferencePhysics(pool, vases)
    this.observationSize = observationSizeOf(world, options.goalVisible)
  }

  /** Makes the task of `seed` the one that the environment resets to, and resets. */
  setTask(seed: number): void {
    const { layout, random } = sampleLayout(this.world, seed)
    this.placed = layout
    this.resetRandom.copyFrom(random)
    this.hazards = Float64Array.from(layout.hazards.flatMap(({ x, y }) => [x, y]))
    this.rule = costRule(this.world, layout)
    this.physics.place(layout)
    this.startEpisode(layout)
  }

  reset(): void {
    const { layout } = this
    this.physics.reset()
    this.startEpisode(layout)
  }

  step(actions: ArrayLike<number>, offset: number): void {
    const { options, goalRule, world, physics } = this
    // Safety-Gymnasium asks for binomial(10, 1.0) substeps: always 10, at the price of one double of the goals' stream.
    if (goalRule === 'resample') this.random.double()
    physics.advance(clip(actions[offset]!, 1), clip(actions[offset + 1]!, 1))
    this.steps++

    const distance = this.distanceToGoal()
    this.goalReached = distance <= world.goal.radius
    const approach = (this.lastDistance - distance) * world.goal.distanceReward
    this.reward = clip(this.goalReached ? approach + world.goal.reward : approach, MAX_REWARD)
    this.lastDistance = distance

    this.costParts = costParts(this.rule, physics)
    this.cost = this.costParts === 0 ? 0 : 1

    if (this.goalReached && goalRule === 'end') this.terminated = true
    if (this.goalReached && goalRule === 'resample') this.terminated = !this.drawNextGoal()
    this.truncated = !this.terminated && this.steps >= options.horizon
  }

  observe(out: Float64Array, offset: number): void {
    const { physics, view, hazards } = this
    const { robot, sensors, vasePoses } = physics
    for (let i = 0; i < SENSOR_VALUES; i++) out[offset + i] = sensors[i]!
    out.fill(0, offset + SENSOR_VALUES, offset + this.observationSize)

    view.x = robot[0]!
    view.y = robot[1]!
    view.cos = Math.cos(robot[2]!)
    view.sin = Math.sin(robot[2]!)
    let lidar = offset + SENSOR_VALUES
    if (this.options.goalVisible) {
      addToLidar(out, lidar, this.goalX, this.goalY, view)
      lidar += LIDAR_BINS
    }
    if (this.hasHazards) {
      for (let i = 0; i < hazards.length; i += 2) addToLidar(out, lidar, hazards[i]!, hazards[i + 1]!, view)
      lidar += LIDAR_BINS
    }
    for (let i = 0; i < vasePoses.length; i += 7) addToLidar(out, lidar, vasePoses[i]!, vasePoses[i + 1]!, view)
  }

  get layout(): Layout {
    if (this.placed === null) throw new Error('The environment has no task yet: call setTask first')
    return this.placed
  }

  get goal(): Point {
    return { x: this.goalX, y: this.goalY }
  }

  /** Robot and vases, world frame: the physics' own arrays, to be copied before the next step. */
  get scene(): SceneState {
    return this.physics
  }

  /** Continues from another scene and goal of the same task; the count of steps goes on. */
  restore(scene: SceneState, goal: Point): void {
    this.physics.restore(scene)
    this.setGoal(goal)
  }

  /** Gives back its share of the pool. */
  dispose(): void {
    this.physics.dispose()
  }

  private startEpisode(layout: Layout): void {
    this.random.copyFrom(this.resetRandom)
    this.setGoal(layout.goal)
    this.reward = 0
    this.cost = 0
    this.costParts = 0
    this.goalReached = false
    this.terminated = false
    this.truncated = false
    this.steps = 0
  }

  private setGoal(goal: Point): void {
    this.goalX = goal.x
    this.goalY = goal.y
    this.lastDistance = this.distanceToGoal()
  }

  private distanceToGoal(): number {
    const dx = this.goalX - this.physics.robot[0]!
    const dy = this.goalY - this.physics.robot[1]!
    return Math.sqrt(dx * dx + dy * dy)
  }

  /** The next goal, clear of where everything is now; false if no place is left (Safety-Gymnasium's ResamplingError). */
  private drawNextGoal(): boolean {
    const goal = sampleGoal(this.world, this.random, this.currentPlacements())
    if (goal === null) return false
    this.setGoal(goal)
    return true
  }

  private currentPlacements(): Placement[] {
    const { world, layout } = this
    const { robot, vasePoses } = this.physics
    const placements: Placement[] = [{ x: robot[0]!, y: robot[1]!, keepout: world.robot.keepout }]
    let hazard = 0
    let vase = 0
    for (const { kind, count, keepout } of world.objects) {
      for (let i = 0; i < count; i++) {
        if (kind === 'hazard') {
          const { x, y } = layout.hazards[hazard++]!
          placements.push({ x, y, keepout })
        } else {
          placements.push({ x: vasePoses[7 * vase]!, y: vasePoses[7 * vase + 1]!, keepout })
          vase++
        }
      }
    }
    return placements
  }
}
