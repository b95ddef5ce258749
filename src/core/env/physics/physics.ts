import type { Layout } from '../layout.ts'

/** Everything that moves, in the world's frame. */
export interface SceneState {
  /** In the order of `RobotState`, [6]. */
  readonly robot: Float64Array
  /** Centre and orientation (w, x, y, z) of each vase, [vases x 7]. */
  readonly vasePoses: Float64Array
  /** Linear velocity in the world's frame, angular in the vase's, as MuJoCo's free joints have them, [vases x 6]. */
  readonly vaseVelocities: Float64Array
}

/**
 * How the robot and the vases move. The arrays are the physics' own: they change with every step, and a restore copies
 * into them.
 */
export interface Physics extends SceneState {
  /** Readings of the robot's sensors, [12]. */
  readonly sensors: Float64Array
  /** The robot touches a vase at the end of the last step. */
  readonly touchesVase: boolean
  /** Linear speed of the fastest vase then, m/s; 0 for vases that the engine holds to be at rest. */
  readonly fastestVase: number

  /** Makes `layout` the one that `reset` returns to, and resets. */
  place(layout: Layout): void
  reset(): void
  /** One environment step (0.02 s) with controls in [-1, 1]. */
  advance(drive: number, turn: number): void
  /** Continues from another state of the same layout; sensors read as without controls until the next step. */
  restore(state: SceneState): void
  /** Gives back what it holds of the engine's memory. */
  dispose(): void
}
