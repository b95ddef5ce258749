import type { Command } from 'commander'
import { csvText } from '../../../core/text/csv.ts'
import { counted } from '../../services/conclusion.ts'
import { InvalidRequest } from '../../services/invalid-request.ts'
import { queryDatabase } from '../../services/query.ts'
import { integer } from '../arguments.ts'
import { createCommand, outputOf, withDatabase, withStore, type DatabaseOptions } from '../command.ts'
import { formatTable } from '../table.ts'

interface Options extends DatabaseOptions {
  readonly limit: number
  readonly csv?: true
}

export function sqlCommand(): Command {
  return withDatabase(createCommand('sql <query>', 'Ask the database anything, in SQL that only reads.'))
    .option('--limit <n>', 'at most so many rows', integer({ min: 1, max: 100_000 }), 1000)
    .option('--csv', 'as comma-separated values')
    .addHelpText('after', "\nFor example: cmaml sql 'SELECT name, best_return FROM runs ORDER BY best_return DESC'")
    .action((sql: string, options: Options) => {
      if (options.csv && options.json) throw new InvalidRequest('--csv and --json exclude each other.')
      return withStore(options, 'read', async ({ file }) => {
        const output = outputOf(options)
        const answer = await queryDatabase(file, sql, { limit: options.limit })
        const { columns, rows, more } = answer
        output.result(answer, () => {
          if (options.csv) return csvText([columns, ...rows], '\n').slice(0, -1)
          return formatTable(
            columns.map((title, i) => ({
              title,
              align: rows.some((row) => typeof row[i] === 'number') ? 'right' : 'left',
            })),
            rows.map((row) => row.map((value) => (value === null ? '' : String(value)))),
          )
        })
        if (more) output.note(`Only the first ${counted(rows.length, 'row')}; --limit asks for more.`)
      })
    })
}
