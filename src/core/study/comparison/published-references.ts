/** Published results that a comparison can be held against, where it follows the protocol that they come from. */
import type { RunConfig } from '../../config/settings.ts'
import { ALGORITHM_ARM_IDS } from '../plan/arms.ts'
import { ALGORITHM_NAMES } from '../plan/fine-tuning-algorithm.ts'
import { omnisafeBenchmark, type BenchmarkWorld } from '../plan/published.ts'
import type { PublishedReference } from './compared-data.ts'

export interface PublishedResults {
  readonly references: PublishedReference[]
  /** Why results of this world are not offered; null where they are, and where there are none. */
  readonly withheld: string | null
}

/** Safety-Gymnasium's own rules, under which the benchmark was run. */
const PROTOCOL = [
  { path: 'goal', value: 'visible', words: 'the goal is visible' },
  { path: 'goalRule', value: 'resample', words: 'reaching it draws the next goal' },
  { path: 'horizon', value: 1000, words: 'episodes have 1000 steps' },
  { path: 'vasesConstrained', value: false, words: 'vases cost nothing that cost nothing in Safety-Gymnasium' },
] as const satisfies readonly { path: keyof RunConfig['environment']; value: unknown; words: string }[]

/** Safety-Gymnasium's goals lie all around the robot. */
const ALL_AROUND = 360

/** @param configs of fine-tunings whose numbers mean the same: of one environment, under one cost limit */
export function publishedResults(configs: readonly [RunConfig, ...RunConfig[]]): PublishedResults {
  const [{ environment, costLimit }] = configs
  const { world } = environment
  if (!isBenchmarkWorld(world)) return { references: [], withheld: null }
  const { name, source, envSteps, seeds, results, costLimit: limit } = omnisafeBenchmark
  const broken = [
    ...PROTOCOL.filter(({ path, value }) => environment[path] !== value).map(({ words }) => words),
    ...(configs.every(({ tasks }) => tasks.arcDegrees === ALL_AROUND)
      ? []
      : ['first goals lie all around the robot (an arc of 360 degrees: tasks.arcDegrees=360)']),
    ...(costLimit === limit ? [] : [`the cost limit is ${limit}`]),
  ]
  if (broken.length > 0)
    return { references: [], withheld: `${name}'s values are of another protocol: there ${broken.join(', ')}.` }
  const references = ALGORITHM_ARM_IDS.flatMap((id) =>
    (['return', 'cost'] as const).map((quantity): PublishedReference => ({
      label: `${name}, ${ALGORITHM_NAMES[id]}`,
      quantity,
      ...results[world][id][quantity],
      source:
        `${name}'s on-policy benchmark: mean ± SD over ${seeds.length} seeds after ${powerOfTen(envSteps)} environment ` +
        `steps of training on layouts drawn anew (${source})`,
    })),
  )
  return { references, withheld: null }
}

const isBenchmarkWorld = (world: string): world is BenchmarkWorld => Object.hasOwn(omnisafeBenchmark.results, world)

/** `1e7`, as whole powers of ten are read best. */
const powerOfTen = (count: number): string => {
  const exponent = Math.log10(count)
  return Number.isInteger(exponent) ? `1e${exponent}` : String(count)
}

/** A published result as the captions number it; one of return and cost has one number. */
export interface NumberedReference extends PublishedReference {
  readonly number: number
}

export function numbered(references: readonly PublishedReference[]): NumberedReference[] {
  const labels = [...new Set(references.map(({ label }) => label))]
  return references.map((reference) => ({ ...reference, number: 1 + labels.indexOf(reference.label) }))
}

/** What the lines are, those by number with their numbers; null where there is none. */
export function referenceKey(references: readonly PublishedReference[], told: 'by number' | 'by name'): string | null {
  if (references.length === 0) return null
  const parts = Map.groupBy(numbered(references), ({ number }) => number)
  const lines = [...parts.values()].map((of) => {
    const values = of.map(({ quantity, mean, deviation }) => `${quantity} ${mean} ± ${deviation}`)
    return `${told === 'by number' ? `${of[0]!.number} ` : ''}${of[0]!.label}: ${values.join(', ')}`
  })
  return `Published: ${lines.join('; ')}. ${[...new Set(references.map(({ source }) => source))].join('; ')}.`
}
