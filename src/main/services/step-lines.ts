/** How program version 0.1 kept episodes: a line of JSON per step, compressed by gzip. */
import { gunzipSync } from 'node:zlib'
import { z } from 'zod'
import type { RunConfig } from '../../core/config/settings.ts'
import { CostPart } from '../../core/env/environment.ts'
import { ACTION_SIZE } from '../../core/env/goal-task.ts'
import { ROBOT_JOINTS, toScene } from '../../core/env/physics/joint-coordinates.ts'
import { SENSOR_VALUES } from '../../core/env/point-robot.ts'
import { sampleTask } from '../../core/env/tasks.ts'
import { withVasesConstrained } from '../../core/env/world.ts'
import { VASE_VALUES, type Episode } from '../../core/episode/episode.ts'
import { EpisodeFormatError } from '../../core/episode/format.ts'
import { MAX_STEPS } from '../../core/episode/header.ts'
import { worldOf } from '../../core/training/tasks.ts'

/**
 * Content of more bytes is not unpacked: a small bundle may hold an episode that claims to be a huge one. The longest
 * horizon has 10,001 records, each of some 200 numbers of at most 25 characters: 50 MB.
 */
const MAX_BYTES = 2 ** 26

/** Numbers of a vase's velocity in `qvel`. */
const VASE_VELOCITIES = 6

const numbers = (length: number) => z.array(z.number()).length(length)
const stepLine = (vases: number) =>
  z.object({
    action: numbers(ACTION_SIZE).nullable(),
    qpos: numbers(ROBOT_JOINTS + VASE_VALUES * vases),
    qvel: numbers(ROBOT_JOINTS + VASE_VELOCITIES * vases),
    observation: z.array(z.number()).min(SENSOR_VALUES).max(1000),
    reward: z.number(),
    cost: z.literal([0, 1]),
    costParts: z.object({ hazard: z.boolean(), vaseContact: z.boolean(), vaseVelocity: z.boolean() }),
    goal: z.tuple([z.number(), z.number()]),
    goalReached: z.boolean(),
    terminated: z.boolean(),
    truncated: z.boolean(),
  })
type StepLine = z.infer<ReturnType<typeof stepLine>>

/** By the two bytes that gzip begins with (RFC 1952). */
export const isStepLines = (content: Uint8Array): boolean => content[0] === 0x1f && content[1] === 0x8b

/**
 * @param config of the run that the episode belongs to: it says which world the lines are about
 * @throws EpisodeFormatError with the reason
 */
export function readStepLines(content: Uint8Array, config: RunConfig, task: number): Episode {
  const { goal, vasesConstrained } = config.environment
  const world = vasesConstrained ? withVasesConstrained(worldOf(config), true) : worldOf(config)
  const { layout } = sampleTask(world, task)
  const texts = unpack(content).toString().split('\n')
  if (texts.length < 2 || texts.length > MAX_STEPS + 1)
    throw new EpisodeFormatError(`it has ${texts.length} lines: an episode has 2 to ${MAX_STEPS + 1}`)
  const schema = stepLine(layout.vases.length)
  const lines = texts.map((text, index) => parseLine(schema, text, `its line ${index + 1}`))
  const length = lines.length - 1
  const last = lines[length]!
  const episode: Episode = {
    ...{ task, world, goalVisible: goal === 'visible', layout, length },
    ...{ terminated: last.terminated, truncated: last.truncated },
    robot: new Float64Array(3 * lines.length),
    velocity: new Float64Array(3 * lines.length),
    vases: new Float64Array(VASE_VALUES * layout.vases.length * lines.length),
    sensors: Float64Array.from(lines.flatMap(({ observation }) => observation.slice(0, SENSOR_VALUES))),
    goal: Float64Array.from(lines.flatMap((line) => line.goal)),
    actions: Float32Array.from(lines.slice(1).flatMap(({ action }) => action ?? [0, 0])),
    rewards: Float64Array.from(lines.slice(1), ({ reward }) => reward),
    costs: Float64Array.from(lines.slice(1), ({ cost }) => cost),
    costParts: Uint8Array.from(lines.slice(1), costPartsOf),
    goalReached: Uint8Array.from(lines.slice(1), ({ goalReached }) => (goalReached ? 1 : 0)),
  }
  fillScenes(episode, lines)
  return episode
}

/** The lines have MuJoCo's joint coordinates. */
function fillScenes({ layout, robot, velocity, vases }: Episode, lines: readonly StepLine[]): void {
  const count = layout.vases.length
  const scene = {
    robot: new Float64Array(6),
    vasePoses: new Float64Array(VASE_VALUES * count),
    vaseVelocities: new Float64Array(VASE_VELOCITIES * count),
  }
  lines.forEach(({ qpos, qvel }, row) => {
    toScene(layout, Float64Array.from(qpos), Float64Array.from(qvel), scene)
    robot.set(scene.robot.subarray(0, 3), 3 * row)
    velocity.set(scene.robot.subarray(3), 3 * row)
    vases.set(scene.vasePoses, VASE_VALUES * count * row)
  })
}

const costPartsOf = ({ costParts: { hazard, vaseContact, vaseVelocity } }: StepLine): number =>
  (hazard ? CostPart.hazard : 0) | (vaseContact ? CostPart.vaseContact : 0) | (vaseVelocity ? CostPart.vaseVelocity : 0)

function unpack(bytes: Uint8Array): Buffer {
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_BYTES })
  } catch (cause) {
    const isTooLarge = (cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
    throw new EpisodeFormatError(isTooLarge ? `it unpacks to more than ${MAX_BYTES} bytes` : 'it cannot be unpacked')
  }
}

function parseLine(schema: z.ZodType<StepLine>, text: string, what: string): StepLine {
  try {
    return schema.parse(JSON.parse(text))
  } catch (cause) {
    const reason = cause instanceof z.ZodError ? z.prettifyError(cause) : 'it is no JSON'
    throw new EpisodeFormatError(`${what} is wrong: ${reason}`)
  }
}
