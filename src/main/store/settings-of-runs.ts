import { migrateConfig } from '../../core/config/migrate.ts'
import { settingAt } from '../../core/config/setting-at.ts'
import { SCHEMA_VERSION } from '../../core/config/settings.ts'
import { read, type Connection } from './transaction.ts'

/** Dotted, e.g. `meta.lambda.initial`. */
const SETTING_PATH = /^[A-Za-z]\w*(\.[A-Za-z]\w*)*$/

/** One setting of every run that is not in the bin, newest first; by its path. */
export type SettingOfRuns = (path: string) => [id: string, value: unknown][]

/**
 * Configurations of older versions, whose settings may have had other names, are migrated for it; what that gave is kept
 * for as long as the database is open, by setting and run: such a configuration is never written again.
 */
export function openSettingsOfRuns(connection: Connection): SettingOfRuns {
  const migrated = new Map<string, Map<string, unknown>>()
  return (path) => {
    const known = migrated.get(path) ?? new Map<string, unknown>()
    migrated.set(path, known)
    return read(connection, () => {
      const of = SETTING_PATH.test(path) ? `$.${path}` : null
      const rows = connection
        .prepare(
          `SELECT id, config_version < ${SCHEMA_VERSION}, CASE WHEN config_version >= ${SCHEMA_VERSION} THEN config -> @of END
           FROM runs WHERE binned_at IS NULL ORDER BY key DESC`,
        )
        .raw()
        .all({ of }) as [id: string, isOld: number, json: string | null][]
      if (of === null) return rows.map(([id]) => [id, undefined])
      const unknown = rows.filter(([id, isOld]) => isOld === 1 && !known.has(id)).map(([id]) => id)
      // Not checked by the schema, which takes six times as long.
      for (const [id, config] of configsOf(connection, unknown))
        known.set(id, settingAt(migrateConfig(JSON.parse(config)), path))
      return rows.map(([id, isOld, json]) => {
        if (isOld === 1) return [id, known.get(id)]
        return [id, json === null ? undefined : (JSON.parse(json) as unknown)]
      })
    })
  }
}

/** One at a time: of many runs they are tens of megabytes. */
function configsOf(connection: Connection, ids: readonly string[]): Iterable<[id: string, config: string]> {
  if (ids.length === 0) return []
  return connection
    .prepare('SELECT id, config FROM runs WHERE id IN (SELECT value FROM json_each(?))')
    .raw()
    .iterate(JSON.stringify(ids)) as Iterable<[id: string, config: string]>
}
