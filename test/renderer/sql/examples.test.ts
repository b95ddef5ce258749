// The examples stay right when the tables change: each is asked of a database that the newest migrations made.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { queryDatabase } from '../../../src/main/services/query.ts'
import { openStore } from '../../../src/main/store/open.ts'
import { EXAMPLES } from '../../../src/renderer/sql/examples.ts'

const folder = mkdtempSync(join(tmpdir(), 'cmaml-sql-'))
const file = join(folder, 'runs.sqlite')

beforeAll(async () => {
  const store = await openStore(file, { appVersion: '0.0.0', mode: 'create' })
  store.close()
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test.each(EXAMPLES)('$title', async ({ sql }) => {
  const { columns } = await queryDatabase(file, sql, { limit: 10 })
  expect(columns.length).toBeGreaterThan(1)
})
