import { describe, expect, it } from 'vitest'
import { CostPart } from '../../../src/core/env/environment.ts'
import { sampleLayout } from '../../../src/core/env/layout.ts'
import type { Point } from '../../../src/core/env/layout.ts'
import type { PointGoalEnvironment } from '../../../src/core/env/goal-task.ts'
import { worlds } from '../../../src/core/env/world.ts'
import { chase, copyScene, createEnvironment, emptyScene, faceVase, physicsModes, randomControls } from './mujoco.ts'

const environment1 = worlds['environment-1']

/** Puts the robot of a task somewhere, at rest, with the vases where they are. */
function moveRobot(env: PointGoalEnvironment, x: number, y: number, goal: Point = env.goal): void {
  const scene = copyScene(env.scene)
  scene.robot.set([x, y, 0, 0, 0, 0])
  env.restore(scene, goal)
}

describe.each(physicsModes)('PointGoalEnvironment, %s physics', (physics) => {
  it('repeats itself bit for bit: again, and after a reset', () => {
    const run = (env: PointGoalEnvironment) => {
      faceVase(env)
      const trace: number[] = []
      const observation = new Float64Array(env.observationSize)
      for (let i = 0; i < 60; i++) {
        env.step(chase(env, 60), 0)
        env.observe(observation, 0)
        trace.push(env.reward, env.costParts, ...observation)
      }
      return trace
    }
    const env = createEnvironment({ physics })
    const other = createEnvironment({ physics })
    env.setTask(201)
    other.setTask(202)
    run(other)
    other.setTask(201)
    const first = run(env)
    expect(first.some((value, i) => i % 62 === 1 && value > 0)).toBe(true)
    env.reset()
    expect(run(env)).toEqual(first)
    expect(run(other)).toEqual(first)
    env.dispose()
    other.dispose()
  })

  it('pays for approach, and once more in the goal', () => {
    const env = createEnvironment({ physics, goalRule: 'stay' }, environment1)
    env.setTask(0)
    const { x, y } = env.goal
    moveRobot(env, x - 0.5, y)
    env.step([1, 0], 0)
    const moved = env.scene.robot[0]! - (x - 0.5)
    expect(moved).toBeGreaterThan(0)
    expect(env.reward).toBeCloseTo(moved, 6)
    expect(env.goalReached).toBe(false)

    moveRobot(env, x - 0.299, y)
    for (let i = 0; i < 3; i++) {
      env.step([0, 0], 0)
      expect(env.goalReached).toBe(true)
      expect(env.reward).toBeCloseTo(1, 6)
    }
    expect(env.terminated).toBe(false)
    expect(env.goal).toEqual({ x, y })
    env.dispose()
  })

  it('ends at the goal under the rule end, and not at the horizon as well', () => {
    const env = createEnvironment({ physics, goalRule: 'end', horizon: 1 }, environment1)
    env.setTask(0)
    moveRobot(env, env.goal.x, env.goal.y)
    env.step([0, 0], 0)
    expect(env.terminated).toBe(true)
    expect(env.truncated).toBe(false)
    env.reset()
    expect([env.terminated, env.goalReached, env.steps]).toEqual([false, false, 0])
    env.dispose()
  })

  it('is cut at the horizon', () => {
    const env = createEnvironment({ physics, horizon: 5 }, environment1)
    env.setTask(0)
    for (let i = 1; i <= 5; i++) {
      env.step([0, 0], 0)
      expect([env.steps, env.truncated, env.terminated]).toEqual([i, i === 5, false])
    }
    env.dispose()
  })

  it('clips actions to [-1, 1] and the reward to [-10, 10]', () => {
    const env = createEnvironment({ physics }, environment1)
    const other = createEnvironment({ physics }, environment1)
    env.setTask(1)
    other.setTask(1)
    env.step([9, 9, 30, -4], 2)
    other.step([1, -1], 0)
    expect(env.scene.robot).toEqual(other.scene.robot)

    // Far above any speed that it can reach: 60 m in one step, away from the goal and back.
    for (const [speed, reward] of [
      [3000, -10],
      [-3000, 10],
    ] as const) {
      const scene = copyScene(env.scene)
      scene.robot.set([50, 50, 0, speed, 0, 0])
      env.restore(scene, { x: -50, y: 50 })
      env.step([0, 0], 0)
      expect(env.reward).toBe(reward)
    }
    env.dispose()
    other.dispose()
  })

  it('charges for hazards, by their radius', () => {
    const env = createEnvironment({ physics }, environment1)
    env.setTask(0)
    const { x, y } = env.layout.hazards[0]!
    for (const [offset, cost] of [
      [0, 1],
      [0.199, 1],
      [0.201, 0],
    ] as const) {
      moveRobot(env, x, y + offset)
      env.step([0, 0], 0)
      expect([env.cost, env.costParts], `${offset} m from its centre`).toEqual([cost, cost * CostPart.hazard])
    }
    env.dispose()
  })

  it('charges for vases where they are constrained', () => {
    const free = createEnvironment({ physics }, environment1)
    const constrained = createEnvironment({ physics, vasesConstrained: true }, environment1)
    for (const env of [free, constrained]) {
      env.setTask(5)
      const vase = env.layout.vases[0]!
      moveRobot(env, vase.x - 0.35, vase.y)
      let parts = 0
      for (let i = 0; i < 60; i++) {
        env.step([1, 0], 0)
        parts |= env.costParts
      }
      const expected = env === free ? 0 : CostPart.vaseContact | CostPart.vaseVelocity
      expect(parts & ~CostPart.hazard).toBe(expected)
      env.dispose()
    }
  })

  it('draws the next goal clear of everything, again the same after a reset', () => {
    const env = createEnvironment({ physics, goalRule: 'resample' })
    env.setTask(3)
    const goals = () => {
      const drawn: Point[] = []
      for (let i = 0; i < 5; i++) {
        moveRobot(env, env.goal.x, env.goal.y)
        env.step([0, 0], 0)
        expect(env.goalReached).toBe(true)
        const { goal, layout } = env
        const distance = ({ x, y }: Point) => Math.hypot(x - goal.x, y - goal.y)
        expect(distance({ x: env.scene.robot[0]!, y: env.scene.robot[1]! })).toBeGreaterThan(0.305 + 0.4)
        for (const hazard of layout.hazards) expect(distance(hazard)).toBeGreaterThan(0.305 + 0.18)
        for (const vase of layout.vases) expect(distance(vase)).toBeGreaterThan(0.305 + 0.15 - 1e-4)
        drawn.push(goal)
      }
      return drawn
    }
    const first = goals()
    expect(new Set(first.map(({ x }) => x)).size).toBe(5)
    env.reset()
    expect(env.goal).toEqual(sampleLayout(env.world, 3).layout.goal)
    expect(goals()).toEqual(first)
    env.dispose()
  })
})

describe('PointGoalEnvironment', () => {
  it('ends the episode when no place is left for the next goal', () => {
    // So small that a robot in the middle keeps the goal (keep-outs .4 + .305 m) out of every corner.
    const env = createEnvironment({ goalRule: 'resample' }, { ...environment1, extent: 0.8, objects: [] })
    env.setTask(0)
    moveRobot(env, 0, 0, { x: 0.1, y: 0 })
    env.step([0, 0], 0)
    expect(env.goalReached).toBe(true)
    expect(env.terminated).toBe(true)
    env.dispose()
  })

  it('shows the sensors and the lidars of goal, hazards and vases, and hides the goal', () => {
    const visible = createEnvironment({ goalVisible: true })
    const hidden = createEnvironment({ goalVisible: false })
    const bare = createEnvironment({}, { ...environment1, objects: [] })
    expect([visible, hidden, bare].map((env) => env.observationSize)).toEqual([60, 44, 28])

    const all = new Float64Array(60)
    const rest = new Float64Array(46).fill(7)
    for (const env of [visible, hidden]) env.setTask(8)
    const actions = randomControls(8, 30)
    for (let i = 0; i < 30; i++) {
      visible.step(actions, 2 * i)
      hidden.step(actions, 2 * i)
    }
    visible.observe(all, 0)
    hidden.observe(rest, 1)
    expect(rest.subarray(1, 45)).toEqual(Float64Array.of(...all.subarray(0, 12), ...all.subarray(28)))
    expect([rest[0], rest[45]]).toEqual([7, 7])
    // Upright gravity, no motion out of the plane, the magnetometer turning with the robot.
    expect(all[2]).toBe(9.81)
    expect(Math.hypot(all[9]!, all[10]!)).toBeCloseTo(0.5, 12)
    const closest =
      Math.max(0, 3 - Math.hypot(visible.goal.x - visible.scene.robot[0]!, visible.goal.y - visible.scene.robot[1]!)) /
      3
    expect(Math.max(...all.subarray(12, 28))).toBeCloseTo(closest, 12)
    for (const env of [visible, hidden, bare]) env.dispose()
  })

  it('asks for a task first', () => {
    const env = createEnvironment({}, environment1)
    expect(() => env.reset()).toThrow('setTask')
    env.dispose()
  })

  it('has no vases to touch in a world without them', () => {
    const env = createEnvironment({ physics: 'reference' }, { ...environment1, objects: [environment1.objects[0]] })
    env.setTask(2)
    env.step([1, 1], 0)
    expect(env.scene.vasePoses).toEqual(emptyScene(0).vasePoses)
    env.dispose()
  })
})
