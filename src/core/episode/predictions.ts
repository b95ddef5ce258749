/**
 * What the next number of an episode will be. Version 1 of the format contains these rules: a change of any of them, and
 * of the sensors' formulas that they use, makes old recordings unreadable.
 *
 * State is predicted by sums and products only, which are the same on every machine. Sensors need sines, whose last bit is
 * not; but no prediction of a sensor depends on another one, so that a reading is at most as far off as the sine is.
 */
import { SENSOR_VALUES, senseFreely } from '../env/point-robot.ts'
import type { Prediction } from './columns.ts'
import { VASE_VALUES, type Episode } from './episode.ts'

/** Seconds of one environment step. */
const STEP_TIME = 0.02
/** Of ten substeps whose velocity grows evenly, each using its own end: the weight of the last velocity. */
const LAST_VELOCITY = 0.55
/** base_task.py:81 of Safety-Gymnasium 1.0.0 */
const MAX_REWARD = 10

type Known = Pick<Episode, 'robot' | 'velocity' | 'vases' | 'goal' | 'actions' | 'goalReached' | 'world'>

/** The number of the row before. */
export const asBefore =
  (values: Float64Array, offset: number, stride: number): Prediction =>
  (row) =>
    row === 0 ? 0 : values[offset + (row - 1) * stride]!

/** On the line through the two rows before. */
export const onwards =
  (values: Float64Array, offset: number, stride: number): Prediction =>
  (row) => {
    if (row === 0) return 0
    const last = values[offset + (row - 1) * stride]!
    return row === 1 ? last : last + (last - values[offset + (row - 2) * stride]!)
  }

/** Where the robot's velocity brings it; velocities are known before. */
export const byVelocity =
  ({ robot, velocity }: Known, coordinate: number): Prediction =>
  (row) => {
    if (row === 0) return 0
    const at = 3 * (row - 1) + coordinate
    return robot[at]! + STEP_TIME * ((1 - LAST_VELOCITY) * velocity[at]! + LAST_VELOCITY * velocity[at + 3]!)
  }

/** What the robot's sensors read where it touches nothing. State and actions are known before. */
export function freeSensors({ robot, velocity, actions }: Known): (sensor: number) => Prediction {
  const rows = robot.length / 3
  const readings = new Float64Array(rows * SENSOR_VALUES)
  const state = new Float64Array(6)
  for (let row = 0; row < rows; row++) {
    state.set(robot.subarray(3 * row, 3 * row + 3))
    state.set(velocity.subarray(3 * row, 3 * row + 3), 3)
    const action = (index: number) => (row === 0 ? 0 : clip(actions[2 * (row - 1) + index]!, 1))
    senseFreely(state, action(0), action(1), readings.subarray(row * SENSOR_VALUES, (row + 1) * SENSOR_VALUES))
  }
  return (sensor) => (row) => readings[row * SENSOR_VALUES + sensor]!
}

/** The approach to the goal and what reaching it pays; state and goals are known before. */
export function approachReward({ robot, goal, goalReached, world }: Known): Prediction {
  const distance = (row: number, goalRow: number) => {
    const dx = goal[2 * goalRow]! - robot[3 * row]!
    const dy = goal[2 * goalRow + 1]! - robot[3 * row + 1]!
    return Math.sqrt(dx * dx + dy * dy)
  }
  return (step) => {
    const approach = (distance(step, step) - distance(step + 1, step)) * world.goal.distanceReward
    return clip(goalReached[step] === 1 ? approach + world.goal.reward : approach, MAX_REWARD)
  }
}

/** Of a vase's seven numbers. */
export const vaseNumber = ({ vases }: Known, count: number, vase: number, value: number): Prediction =>
  onwards(vases, vase * VASE_VALUES + value, count * VASE_VALUES)

const clip = (value: number, limit: number) => (value > limit ? limit : value < -limit ? -limit : value)
