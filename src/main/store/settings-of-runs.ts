import { SCHEMA_VERSION } from '../../core/config/settings.ts'
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
      return [id, valueAt(storedConfig(id, { config: json, configVersion }), path)]
    })
  })
}

function valueAt(config: unknown, path: string): unknown {
  let value = config
  for (const part of path.split('.'))
    value = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[part] : undefined
  return value
}
