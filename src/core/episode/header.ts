/** What an encoded episode says of itself before its numbers. It may come from anybody, so that everything has a bound. */
import { z } from 'zod'
import { countObjects } from '../env/world.ts'

/** The longest horizon that a run may have. */
export const MAX_STEPS = 10_000
const MAX_OBJECTS = 500
export const MAX_VASES = 50

/** Metres. */
const coordinate = z.number().min(-1e6).max(1e6)
const length = z.number().min(0).max(1e6)
const count = z.int().min(0).max(MAX_OBJECTS)
const point = z.strictObject({ x: coordinate, y: coordinate })
const poses = z.array(z.strictObject({ x: coordinate, y: coordinate, yaw: coordinate })).max(MAX_OBJECTS)

const world = z.strictObject({
  name: z.string().max(100),
  title: z.string().max(200),
  extent: length,
  robot: z.strictObject({ kind: z.literal('point'), keepout: length }),
  goal: z.strictObject({
    keepout: length,
    radius: length,
    reward: coordinate,
    distanceReward: coordinate,
    rule: z.enum(['end', 'resample', 'stay']),
  }),
  objects: z
    .array(
      z.discriminatedUnion('kind', [
        z.strictObject({
          kind: z.literal('hazard'),
          count,
          keepout: length,
          radius: length,
          constrained: z.boolean(),
        }),
        z.strictObject({
          kind: z.literal('vase'),
          count,
          keepout: length,
          costSpeed: length,
          constrained: z.boolean(),
        }),
      ]),
    )
    .max(20),
})

export const episodeHeader = z
  .strictObject({
    task: z
      .int()
      .min(0)
      .max(2 ** 32 - 1),
    world,
    goalVisible: z.boolean(),
    layout: z.strictObject({
      robot: z.strictObject({ x: coordinate, y: coordinate, yaw: coordinate }),
      goal: point,
      firstSampledGoal: point,
      hazards: poses,
      vases: poses.max(MAX_VASES),
    }),
    length: z.int().min(1).max(MAX_STEPS),
    terminated: z.boolean(),
    truncated: z.boolean(),
    /** Indices of the vases whose numbers follow; the others stay where they start. */
    moved: z.array(z.int().min(0)).max(MAX_VASES),
  })
  .superRefine((header, context) => {
    const { layout, moved } = header
    for (const [kind, objects] of [
      ['hazard', layout.hazards],
      ['vase', layout.vases],
    ] as const)
      if (countObjects(header.world, kind) !== objects.length)
        context.addIssue(`the layout has ${objects.length} of ${countObjects(header.world, kind)} objects (${kind})`)
    if (moved.some((vase, i) => vase >= layout.vases.length || (i > 0 && vase <= moved[i - 1]!)))
      context.addIssue('the moved vases are no ascending list of vases')
  })
export type EpisodeHeader = z.infer<typeof episodeHeader>
