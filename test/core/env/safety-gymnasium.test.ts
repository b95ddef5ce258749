/**
 * Replays steps that the Python package took, each from its recorded state. Recorded with MuJoCo 2.3.3: without contact
 * of robot and vases both versions agree to rounding, with contact their solvers differ by some micrometres per step.
 */
import { describe, expect, it } from 'vitest'
import { CostPart } from '../../../src/core/env/environment.ts'
import { toScene } from '../../../src/core/env/physics/joint-coordinates.ts'
import { worlds } from '../../../src/core/env/world.ts'
import { readSteps, readTruncation } from '../../golden/read.ts'
import type { Episode } from '../../golden/read.ts'
import { createEnvironment, emptyScene, maxDifference, physicsModes } from './mujoco.ts'

const recorded = [
  ['pointgoal1', worlds['point-goal-1']],
  ['environment1', worlds['environment-1']],
  ['pointgoal2', worlds['environment-2']],
] as const

const OBSERVATIONS = 60
const TOLERANCE = 1e-8
/** `fast` lets a vase rest that creeps slower than 1e-4 m/s: at most 2e-6 m in a step of 0.02 s. */
const CREEP = 2e-6
const REST_SPEED = 1e-4

const recordedParts = (episode: Episode, k: number) =>
  (episode.costHazards[k]! > 0 ? CostPart.hazard : 0) |
  (episode.costVasesContact[k]! > 0 ? CostPart.vaseContact : 0) |
  (episode.costVasesVelocity[k]! > 0 ? CostPart.vaseVelocity : 0)

describe.each(physicsModes)('%s physics along recordings of Safety-Gymnasium', (physics) => {
  it.each(recorded)('takes the same steps: %s', (name, world) => {
    const { nq, nv, vases, episodes } = readSteps(name)
    const env = createEnvironment({ goalRule: 'resample', horizon: Infinity, physics }, world)
    const observation = new Float64Array(OBSERVATIONS)
    const before = emptyScene(vases)
    const after = emptyScene(vases)
    let steps = 0
    let sameCosts = 0
    let contacts = 0
    let sameContactParts = 0

    for (const episode of episodes) {
      env.setTask(episode.seed)
      for (let k = 0; k < episode.steps; k++) {
        const row = (step: number) => episode.state.subarray(step * (nq + nv), (step + 1) * (nq + nv))
        toScene(env.layout, row(k).subarray(0, nq), row(k).subarray(nq), before)
        toScene(env.layout, row(k + 1).subarray(0, nq), row(k + 1).subarray(nq), after)
        env.restore(before, { x: episode.goal[2 * k]!, y: episode.goal[2 * k + 1]! })
        env.step(episode.action, 2 * k)
        env.observe(observation, 0)

        steps++
        sameCosts += Number(env.cost === episode.cost[k])
        expect(env.goalReached).toBe(episode.goalMet.includes(k))
        if (env.goalReached) {
          const next = k + 1 < episode.steps ? episode.goal.subarray(2 * k + 2, 2 * k + 4) : episode.finalGoal
          expect([env.goal.x, env.goal.y]).toEqual([...next])
        }
        if (episode.touchedSubsteps[k]! + episode.contacts[k]! + episode.vaseVaseSubsteps[k]! > 0) {
          contacts++
          sameContactParts += Number(env.costParts === recordedParts(episode, k))
          continue
        }

        const label = `${episode.policy}, seed ${episode.seed}, step ${k}`
        const creeps = physics === 'fast' && mostCreep(before.vaseVelocities) > 0
        const expected = episode.observation.subarray(OBSERVATIONS * k, OBSERVATIONS * (k + 1))
        expect(env.costParts, label).toBe(recordedParts(episode, k))
        expect(maxDifference(env.scene.robot, after.robot), label).toBeLessThan(TOLERANCE)
        expect(Math.abs(env.reward - episode.reward[k]!), label).toBeLessThan(TOLERANCE)
        // Sensors, goal and hazards; then vases.
        expect(maxDifference(observation, expected, 44), label).toBeLessThan(TOLERANCE)
        // A vase's bearing changes by its creep over its distance, so bins change faster than positions.
        expect(maxDifference(observation, expected), label).toBeLessThan(creeps ? 10 * CREEP : TOLERANCE)
        // Vases that the recorder put back moved by less than 1e-7; those of `fast` do not settle into the floor.
        const drift = physics === 'fast' ? CREEP : 1e-7
        expect(maxDifference(env.scene.vasePoses, after.vasePoses), label).toBeLessThan(drift)
      }
    }
    expect(steps).toBeGreaterThanOrEqual(300)
    expect(sameCosts / steps).toBeGreaterThanOrEqual(0.99)
    // Parts of steps that graze a vase: its contact is listed in one version and just not in the other.
    expect(contacts).toBeGreaterThan(20)
    expect(sameContactParts / contacts).toBeGreaterThanOrEqual(0.95)
    env.dispose()
  })

  it('cuts an episode where Safety-Gymnasium does', () => {
    const golden = readTruncation()
    const env = createEnvironment({ physics, horizon: golden.steps }, worlds['point-goal-1'])
    env.setTask(golden.seed)
    while (!env.truncated) env.step([0, 0], 0)
    expect(env.steps).toBe(golden.firstTruncated)
    expect(env.terminated).toBe(false)
    env.dispose()
  })
})

/** The largest vase velocity that `fast` takes for rest. */
function mostCreep(velocities: Float64Array): number {
  let most = 0
  for (let i = 0; i < velocities.length; i += 6) {
    const linear = Math.hypot(velocities[i]!, velocities[i + 1]!, velocities[i + 2]!)
    if (linear < REST_SPEED) most = Math.max(most, linear)
  }
  return most
}
