import { describe, expect, it } from 'vitest'
import { PointGoalEnvironment } from '../../../../src/core/env/goal-task.ts'
import { CostPart } from '../../../../src/core/env/environment.ts'
import { MujocoPool } from '../../../../src/core/env/physics/mujoco.ts'
import { worlds } from '../../../../src/core/env/world.ts'
import { chase, copyScene, createEnvironment, faceVase, maxDifference, mujoco } from '../mujoco.ts'

const world = worlds['environment-2']

describe('FastPhysics', () => {
  it('takes the steps of MuJoCo from the same scene, chasing vases', () => {
    const reference = createEnvironment({ physics: 'reference' })
    const fast = createEnvironment({ physics: 'fast' })
    const far: number[] = []
    const touching: number[] = []
    const vases: number[] = []
    let sameCosts = 0
    const confusion = { onlyReference: 0, onlyFast: 0, both: 0 }
    let steps = 0
    for (const seed of [200, 201, 202]) {
      reference.setTask(seed)
      fast.setTask(seed)
      faceVase(reference)
      for (let i = 0; i < 160; i++) {
        fast.restore(copyScene(reference.scene), reference.goal)
        const action = chase(reference, 40)
        reference.step(action, 0)
        fast.step(action, 0)

        const touches = (reference.costParts & CostPart.vaseContact) > 0
        const fastTouches = (fast.costParts & CostPart.vaseContact) > 0
        if (touches && fastTouches) confusion.both++
        else if (touches) confusion.onlyReference++
        else if (fastTouches) confusion.onlyFast++
        const error = maxDifference(fast.scene.robot, reference.scene.robot, 3)
        if (reference.costParts & (CostPart.vaseContact | CostPart.vaseVelocity)) touching.push(error)
        else far.push(error)
        vases.push(maxDifference(fast.scene.vasePoses, reference.scene.vasePoses))
        sameCosts += Number(fast.cost === reference.cost)
        steps++
      }
    }
    expect(far.length).toBeGreaterThan(50)
    expect(confusion.both).toBeGreaterThan(50)
    expect(Math.max(...far)).toBeLessThan(1e-8)
    expect(quantile(touching, 0.5)).toBeLessThan(1e-6)
    expect(quantile(touching, 0.99)).toBeLessThan(1e-4)
    expect(quantile(vases, 0.9)).toBeLessThan(1e-4)
    expect(sameCosts / steps).toBeGreaterThanOrEqual(0.99)
    expect(confusion.onlyFast + confusion.onlyReference).toBeLessThan(0.05 * confusion.both)
    reference.dispose()
    fast.dispose()
  })

  it('never takes the closed form where MuJoCo lists or solves a contact', () => {
    // Scenes of the reference around its contacts: what fast makes of them must show the same first touch.
    const reference = createEnvironment({ physics: 'reference' })
    const fast = createEnvironment({ physics: 'fast' })
    let firsts = 0
    for (const seed of [210, 211, 212, 213]) {
      reference.setTask(seed)
      let untouched = true
      for (let i = 0; i < 150 && untouched; i++) {
        const scene = copyScene(reference.scene)
        const action = chase(reference, 150)
        reference.step(action, 0)
        untouched = reference.costParts < CostPart.vaseContact
        if (untouched) continue
        fast.setTask(seed)
        fast.restore(scene, reference.goal)
        fast.step(action, 0)
        expect(fast.costParts).toBe(reference.costParts)
        firsts++
      }
    }
    expect(firsts).toBeGreaterThanOrEqual(3)
    reference.dispose()
    fast.dispose()
  })

  it('lets pushed vases push others, as MuJoCo does', () => {
    const reference = createEnvironment({ physics: 'reference' })
    const fast = createEnvironment({ physics: 'fast' })
    reference.setTask(200)
    fast.setTask(200)
    const scene = copyScene(reference.scene)
    // A row of three vases one centimetre apart before the robot; the others out of reach.
    scene.robot.set([-0.3, 0, 0, 0.7, 0, 0])
    for (let vase = 0; vase < 10; vase++) {
      const [x, y] = vase < 3 ? [0.21 * vase, 0.02 * vase] : [-3 + 0.4 * vase, 2]
      scene.vasePoses.set([x, y, 0.1 - 4.4e-5, 1, 0, 0, 0], 7 * vase)
    }
    reference.restore(scene, reference.goal)
    const start = copyScene(reference.scene)
    for (let i = 0; i < 40; i++) {
      fast.restore(copyScene(reference.scene), reference.goal)
      reference.step([1, 0], 0)
      fast.step([1, 0], 0)
      expect(maxDifference(fast.scene.vasePoses, reference.scene.vasePoses), `step ${i}`).toBeLessThan(1e-3)
      expect(fast.cost, `step ${i}`).toBe(reference.cost)
    }
    for (const vase of [0, 1, 2]) {
      expect(reference.scene.vasePoses[7 * vase]! - start.vasePoses[7 * vase]!).toBeGreaterThan(0.02)
    }
    expect(maxDifference(reference.scene.vasePoses.subarray(21), start.vasePoses.subarray(21))).toBeLessThan(1e-4)
    reference.dispose()
    fast.dispose()
  })

  it('brings pushed vases to rest where they are, and stops asking MuJoCo', () => {
    const env = createEnvironment()
    env.setTask(200)
    faceVase(env)
    while (!(env.costParts & CostPart.vaseVelocity)) env.step(chase(env), 0)
    for (let k = 0; k < 300; k++) env.step([-0.02, 0], 0)
    expect(Math.max(...env.scene.vaseVelocities.map(Math.abs))).toBe(0)
    const rest = copyScene(env.scene)
    for (let k = 0; k < 20; k++) env.step([0, 0.3], 0)
    expect(env.scene.vasePoses).toEqual(rest.vasePoses)
    env.dispose()
  })

  it('gives the same bits alone and interleaved with others in one pool', () => {
    const walk = (seeds: number[], pool: MujocoPool) => {
      const envs = seeds.map((seed) => {
        const env = new PointGoalEnvironment(world, pool, {
          goalVisible: true,
          goalRule: 'stay',
          horizon: 1000,
          physics: 'fast',
        })
        env.setTask(seed)
        faceVase(env, seed % 10)
        return env
      })
      let touched = 0
      for (let i = 0; i < 150; i++) {
        for (const env of envs) {
          env.step(chase(env, 40), 0)
          touched += env.costParts & CostPart.vaseContact
        }
      }
      expect(touched).toBeGreaterThan(0)
      return envs.map((env) => copyScene(env.scene))
    }
    const seeds = [200, 201, 202, 200]
    const together = walk(seeds, new MujocoPool(mujoco))
    const alone = seeds.map((seed) => walk([seed], new MujocoPool(mujoco))[0])
    expect(together).toEqual(alone)
  })
})

function quantile(values: number[], q: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(q * (values.length - 1))]!
}
