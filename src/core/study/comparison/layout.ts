/** How a page shows a comparison, as it is kept with it and travels in bundles: whoever reads one checks it. */
import { z } from 'zod'
import { BAND_KINDS } from './band-kinds.ts'
import { SHOWN_QUANTITIES, TASK_ORIGINS, type Cube } from './cube.ts'

const labels = z.array(z.string().max(300)).max(200)
/** Of a metric, or of an axis. */
const name = z.string().max(60)

/** How the page shows a comparison; what is left out is as the page has it by itself. */
export const comparisonLayout = z
  .strictObject({
    band: z.enum(BAND_KINDS),
    tasks: z.enum(['all', ...TASK_ORIGINS]),
    /** Initialisations that are not shown, by label. */
    hidden: labels,
    /** What the large chart shows. */
    quantities: z.array(z.enum(SHOWN_QUANTITIES)).max(SHOWN_QUANTITIES.length),
    logarithmicCost: z.boolean(),
    references: z.boolean(),
    /** Adaptation step that pictures of single tasks show; null: the last. */
    step: z.number().int().min(0).max(10_000).nullable(),
    /** Panels in their order; others are closed. */
    panels: z.array(z.string().max(40)).max(40),
    sort: z.strictObject({ by: z.string().max(300), descending: z.boolean() }),
    /** Of the comparison of training runs. */
    training: z
      .strictObject({
        metrics: z.array(name).max(24),
        /** `iteration`, `envSteps`, `seconds` or a metric. */
        x: name,
        groupBy: z.array(z.string().max(200)).max(10),
        result: name,
      })
      .partial(),
  })
  .partial()
export type ComparisonLayout = z.infer<typeof comparisonLayout>

/** Where some tasks were trained on and some held out, a mean over both would be of neither. */
export function usualTasks({ tasks }: Pick<Cube, 'tasks'>): NonNullable<ComparisonLayout['tasks']> {
  const has = (wanted: Cube['tasks'][number]['origin']) => tasks.some(({ origin }) => origin === wanted)
  return has('training') && has('held-out') ? 'held-out' : 'all'
}

/** What a layout that leaves it out means, on the page as in reports and files; for its tasks see `usualTasks`. */
export const USUAL = {
  band: 'bootstrap-mean',
  hidden: [],
  logarithmicCost: false,
  references: false,
  sort: { by: 'seed', descending: false },
} as const satisfies ComparisonLayout
