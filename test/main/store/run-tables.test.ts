import Database from 'better-sqlite3'
import { expect, it, onTestFinished } from 'vitest'
import { RUN_TABLES } from '../../../src/main/store/run-tables.ts'
import { temporaryFile, testStore } from './fixtures.ts'

it('lists every table whose rows name a run, after those that it refers to', async () => {
  const file = temporaryFile()
  await testStore(file)
  const raw = new Database(file, { readonly: true })
  onTestFinished(() => void raw.close())
  const ofRuns = raw
    .prepare(
      `SELECT tables.name FROM sqlite_schema AS tables JOIN pragma_table_info(tables.name) AS columns
       WHERE tables.type = 'table' AND columns.name = 'run'`,
    )
    .pluck()
    .all()
  expect(new Set(RUN_TABLES)).toEqual(new Set(ofRuns))
  for (const [index, table] of RUN_TABLES.entries()) {
    const referred = (raw.pragma(`foreign_key_list(${table})`) as { table: string }[]).map(
      (reference) => reference.table,
    )
    const later: readonly string[] = RUN_TABLES.slice(index)
    expect(
      referred.filter((other) => later.includes(other)),
      table,
    ).toEqual([])
  }
})
