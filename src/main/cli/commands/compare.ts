import type { Command } from 'commander'
import { compareRuns } from '../../services/comparison.ts'
import { createCommand, outputOf, withDatabase, withStore, type DatabaseOptions } from '../command.ts'
import { comparisonText } from '../comparison-table.ts'

export function compareCommand(): Command {
  return withDatabase(
    createCommand('compare <runs...>', 'Return and cost over adaptation, initialisation by initialisation.'),
  )
    .addHelpText(
      'after',
      '\nRuns are fine-tunings, or trainings that were fine-tuned; those that differ in their seeds only are pooled.',
    )
    .action((references: string[], options: DatabaseOptions) =>
      withStore(options, 'read', (store) => {
        const comparison = compareRuns(store, references)
        outputOf(options).result(comparison, () => comparisonText(comparison))
      }),
    )
}
