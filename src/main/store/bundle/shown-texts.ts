import { StoreError } from '../errors.ts'
import { isPrintable, UNPRINTABLE_TEXT } from '../printable.ts'
import type { Connection } from '../transaction.ts'

/** Texts that are copied as they are from other tables than `runs`; this program writes printable ones only. */
const TEXTS: readonly { readonly what: string; readonly sql: string }[] = [
  { what: 'label of an initialisation', sql: 'SELECT label FROM initialisations' },
  { what: 'hash of an initialisation', sql: 'SELECT sha256 FROM initialisations WHERE sha256 IS NOT NULL' },
  { what: 'tag of a run', sql: 'SELECT tag FROM run_tags' },
  { what: 'name of a metric', sql: 'SELECT name FROM metric_names' },
  { what: 'feasibility of a step', sql: 'SELECT DISTINCT feasibility FROM task_steps WHERE feasibility IS NOT NULL' },
  {
    what: 'feasibility of a step',
    sql: 'SELECT DISTINCT feasibility FROM fine_tune_steps WHERE feasibility IS NOT NULL',
  },
]

/** @throws StoreError where a terminal would obey a text of the bundle instead of showing it */
export function refuseUnprintable(content: Connection, bundle: string): void {
  for (const { what, sql } of TEXTS) {
    const text = (content.prepare(sql).pluck().all() as string[]).find((value) => !isPrintable(value))
    if (text !== undefined)
      throw new StoreError('corrupt', `${bundle} cannot be used: the ${what}, "${text}", ${UNPRINTABLE_TEXT}.`)
  }
}
