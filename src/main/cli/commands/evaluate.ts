import { InvalidArgumentError, type Command } from 'commander'
import { evaluate, type Evaluation, type EvaluationLayouts } from '../../services/evaluation.ts'
import { resolveCheckpoint } from '../../services/initialisations.ts'
import { fixed } from '../../services/conclusion.ts'
import type { Store } from '../../store/store.ts'
import { integer, SEED_RANGE, seeds } from '../arguments.ts'
import { createCommand, outputOf, withDatabase, withStore, type DatabaseOptions } from '../command.ts'
import { formatTable } from '../table.ts'

interface Options extends DatabaseOptions {
  readonly tasks?: EvaluationLayouts
  readonly episodes: number
  readonly seed: number
  readonly deterministic?: true
}

export function evaluateCommand(): Command {
  return withDatabase(
    createCommand('evaluate <checkpoints...>', 'Return and cost of policies as they are, without adaptation.'),
  )
    .option(
      '--tasks <which>',
      'fresh (a new layout for every episode), training, held-out, or seeds; default: as it was trained',
      layouts,
    )
    .option('--episodes <n>', 'episodes of each policy', integer({ min: 1, max: 1_000_000 }), 100)
    .option('--seed <n>', 'seed of layouts and actions', integer(SEED_RANGE), 1)
    .option('--deterministic', 'act with the policy’s mean instead of sampling')
    .action((references: readonly string[], options: Options) => {
      const output = outputOf(options)
      return withStore(options, 'read', async (store) => {
        const rows: (Evaluation & { name: string })[] = []
        for (const reference of references) {
          const row = resolveCheckpoint(store, reference)
          const evaluation = await evaluate(store, {
            checkpoint: row.id,
            layouts: options.tasks ?? layoutsOfTraining(store, row.id),
            episodes: options.episodes,
            seed: options.seed,
            deterministic: options.deterministic === true,
          })
          rows.push({ name: row.run === null ? reference : `${row.run} (${store.run(row.run).name})`, ...evaluation })
        }
        output.line({ type: 'evaluation', evaluations: rows }, text(rows, options))
      })
    })
}

function layouts(value: string): EvaluationLayouts {
  if (value === 'fresh' || value === 'training' || value === 'held-out') return value
  try {
    return seeds(value)
  } catch {
    throw new InvalidArgumentError('It must be fresh, training, held-out, or seeds such as 301..320 or 122,233.')
  }
}

/** Fresh layouts for a policy that was trained on such; else tasks that it was not trained on. */
function layoutsOfTraining(store: Store, checkpoint: string): EvaluationLayouts {
  const { method, preTraining } = store.readCheckpoint(checkpoint).config
  return method === 'pre-train' && preTraining.layouts === 'fresh' ? 'fresh' : 'held-out'
}

function text(rows: readonly (Evaluation & { readonly name: string })[], { episodes, deterministic }: Options): string {
  const shown = (value: Evaluation['return']) =>
    `${fixed(value.mean)} ± ${fixed(value.high - value.mean)} (SD ${fixed(value.deviation)})`
  const table = formatTable(
    [
      { title: 'policy' },
      { title: 'world' },
      { title: 'tasks' },
      { title: 'return', align: 'right' },
      { title: 'cost', align: 'right' },
      { title: 'limit', align: 'right' },
      { title: 'goals', align: 'right' },
    ],
    rows.map((row) => [
      row.name,
      row.world,
      typeof row.layouts === 'string' ? row.layouts : `${row.layouts.length} named`,
      shown(row.return),
      shown(row.cost),
      String(row.costLimit),
      fixed(row.goals),
    ]),
  )
  const actions = deterministic ? 'the mean action' : 'sampled actions'
  return (
    `${table}\n\nEpisode return and cost, undiscounted, by ${actions}: mean over ${episodes} episodes of each policy, its ` +
    '95 % t interval, and the standard deviation over episodes.'
  )
}
