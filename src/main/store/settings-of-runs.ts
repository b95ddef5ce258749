import { settingAt } from '../../core/config/setting-at.ts'
import { SCHEMA_VERSION } from '../../core/config/settings.ts'
import { StoreError } from './errors.ts'
import { storedConfig } from './stored-config.ts'
import { read, type Connection } from './transaction.ts'

/** Dotted, e.g. `meta.lambda.initial`. */
const SETTING_PATH = /^[A-Za-z]\w*(\.[A-Za-z]\w*)*$/

/** One setting of every run that is not in the bin, newest first. */
export function settingOfRuns(connection: Connection, path: string): [id: string, value: unknown][] {
  return read(connection, () => {
    const of = SETTING_PATH.test(path) ? `$.${path}` : null
    // Whole configurations only where they are of an older version, whose settings may have had other names.
    const rows = connection
      .prepare(
        `SELECT id, config_version, CASE WHEN config_version < ${SCHEMA_VERSION} THEN config ELSE config -> @of END
         FROM runs WHERE binned_at IS NULL ORDER BY key DESC`,
      )
      .raw()
      .all({ of }) as [id: string, configVersion: number, json: string | null][]
    return rows.map(([id, configVersion, json]) => {
      if (of === null || json === null) return [id, undefined]
      if (configVersion >= SCHEMA_VERSION) return [id, JSON.parse(json) as unknown]
      return [id, settingAt(readableConfig(id, json, configVersion), path)]
    })
  })
}

/** One run whose old configuration cannot be read does not take the others' values away. */
function readableConfig(run: string, config: string, configVersion: number): unknown {
  try {
    return storedConfig(run, { config, configVersion })
  } catch (error) {
    if (error instanceof StoreError || error instanceof SyntaxError) return undefined
    throw error
  }
}
