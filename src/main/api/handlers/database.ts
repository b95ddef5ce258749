import { readDemonstration } from '../../services/demonstration.ts'
import { diagnosticsFile } from '../../services/diagnostics.ts'
import { backUp, compact, storageReport } from '../../services/storage.ts'
import type { Store } from '../../store/store.ts'
import type { ApiContext } from '../context.ts'
import { os } from './implement.ts'
import { storeOf } from './runs.ts'

// `xinfo`: generated columns too.
const TABLES = `
  SELECT objects.name AS "table", columns.name AS "column"
  FROM sqlite_schema AS objects, pragma_table_xinfo(objects.name) AS columns
  WHERE objects.type IN ('table', 'view') AND objects.name NOT LIKE 'sqlite~_%' ESCAPE '~'
  ORDER BY objects.name, columns.cid`

export const database = os.database.router({
  storage: os.database.storage.handler(async ({ context }) =>
    storageReport(await context.database.existing(), context.database.file),
  ),
  backup: os.database.backup.handler(async ({ context, input }) => ({
    file: await backUp((await storeOf(context)).file, input.file, context.host === 'browser'),
  })),
  compact: os.database.compact.handler(async ({ context }) => {
    const { bytesFreed } = await compact((await storeOf(context)).file)
    return { bytesFreed }
  }),
  query: os.database.query.handler(async ({ context, input, signal }) => {
    await storeOf(context)
    return context.query(input.sql, input.limit, signal)
  }),
  tables: os.database.tables.handler(async ({ context }) => {
    if ((await context.database.existing()) === null) return []
    const { rows } = await context.query(TABLES, 10_000)
    const tables = Map.groupBy(rows, ([table]) => String(table))
    return [...tables].map(([name, columns]) => ({ name, columns: columns.map(([, column]) => String(column)) }))
  }),
  diagnostics: os.database.diagnostics.handler(async ({ context }) => {
    const { preferences, log } = context
    const store = await usable(context)
    return diagnosticsFile({
      info: await context.appInfo(),
      preferences: preferences.current(),
      preferencesProblem: preferences.problem(),
      storage: store === null ? null : storageReport(store, store.file),
      store,
      log,
    })
  }),
})

/** A database that cannot be used is what a report may be about. */
async function usable({ database }: ApiContext): Promise<Store | null> {
  try {
    return await database.existing()
  } catch {
    return null
  }
}

export const demonstration = os.demonstration.router({
  open: os.demonstration.open.handler(async ({ context }) => {
    const { bytes, source } = readDemonstration(context.demonstration)
    const store = await context.database.writable()
    const { runs } = await store.importBundle(bytes, source)
    context.feed.changes.nudge()
    return { added: runs.filter(({ added }) => added).length }
  }),
})
