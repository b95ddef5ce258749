// Reading and changing single settings of a configuration as a person writes it: nested, and only what differs from the
// defaults. Nothing given is changed.
import { settingAt } from '../setting-at.ts'
import { SCHEMA_VERSION, type RunConfig } from '../settings.ts'
import { acceptedOrDefault, fieldAt, FIELDS } from './fields.ts'

/** Settings as in a configuration file; what is left out has its default. */
export type Settings = Readonly<Record<string, unknown>>

export interface SettingChange {
  readonly path: string
  readonly from: unknown
  readonly to: unknown
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const sameValue = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b)

/** What is written; undefined where nothing is. */
export const writtenValue: (settings: Settings, path: string) => unknown = settingAt

/** What is written, else the default. */
export function settingValue(settings: Settings, path: string): unknown {
  const written = writtenValue(settings, path)
  return written === undefined ? fieldAt(path)?.default : written
}

/** With one setting changed; a value that is the default is left out, and so is a section that nothing is left in. */
export function withSetting(settings: Settings, path: string, value: unknown): Settings {
  const isDefault = value === undefined || sameValue(value, fieldAt(path)?.default)
  return withWritten(settings, path, isDefault ? undefined : value)
}

/** With one setting written whether it is the default or not; undefined takes it out. */
export const withWritten = (settings: Settings, path: string, value: unknown): Settings =>
  withValue(settings, path.split('.'), value)

/** Paths of the settings that are written, in the order of the form. */
export const writtenPaths = (settings: Settings): string[] =>
  FIELDS.map(({ path }) => path).filter((path) => writtenValue(settings, path) !== undefined)

function withValue(node: Settings, [key, ...rest]: readonly string[], value: unknown): Settings {
  const { [key!]: old, ...others } = node
  const next = rest.length === 0 ? value : withValue(isObject(old) ? old : {}, rest, value)
  if (next === undefined || (rest.length > 0 && Object.keys(next as object).length === 0)) return others
  return key! in node ? { ...node, [key!]: next } : { ...others, [key!]: next }
}

/** A whole configuration as a person would have written it: without what is the default. */
export function withoutDefaults(config: Settings): Settings {
  let settings: Settings = {}
  for (const { path } of FIELDS) {
    const value = writtenValue(config, path)
    if (value !== undefined) settings = withSetting(settings, path, value)
  }
  return settings
}

/** Settings whose values differ from those of `against`, in the order of the form. */
export function changedSettings(settings: Settings, against: Settings = {}): SettingChange[] {
  return FIELDS.flatMap(({ path }) => {
    const [from, to] = [settingValue(against, path), settingValue(settings, path)]
    return sameValue(from, to) ? [] : [{ path, from, to }]
  })
}

/** A configuration to judge by while some settings are wrong: those have their defaults. */
export function nearestConfig(settings: Settings): RunConfig {
  const config: Record<string, unknown> = { schemaVersion: SCHEMA_VERSION }
  for (const field of FIELDS) {
    const keys = field.path.split('.')
    let node = config
    for (const key of keys.slice(0, -1)) node = (node[key] ??= {}) as Record<string, unknown>
    node[keys.at(-1)!] = acceptedOrDefault(field, settingValue(settings, field.path))
  }
  return config as unknown as RunConfig
}
