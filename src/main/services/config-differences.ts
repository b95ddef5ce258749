/** Where configurations differ, setting by setting. */
import type { RunConfig } from '../../core/config/settings.ts'

/** Every setting by its dotted path; lists are one value. */
export const flattenConfig = (config: RunConfig): Map<string, string> => flattenSettings(config)

/** The same for settings that may not be complete. */
export function flattenSettings(config: object): Map<string, string> {
  const flat = new Map<string, string>()
  const walk = (value: unknown, path: readonly string[]) => {
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      for (const [key, child] of Object.entries(value)) walk(child, [...path, key])
    else flat.set(path.join('.'), typeof value === 'string' ? value : JSON.stringify(value))
  }
  walk(config, [])
  return flat
}

/** Paths at which not all have the same value, in the order of the first that has them. */
export function differingPaths(configs: readonly ReadonlyMap<string, string>[]): string[] {
  const paths = new Set(configs.flatMap((config) => [...config.keys()]))
  return [...paths].filter((path) => new Set(configs.map((config) => config.get(path))).size > 1)
}
