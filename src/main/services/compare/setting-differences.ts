import type { RunConfig } from '../../../core/config/settings.ts'
import { settingAt } from '../../../core/config/setting-at.ts'
import { differingPaths, flattenConfig } from '../config-differences.ts'
import type { Origin } from '../curves.ts'
import { readInTraining } from '../settings-read.ts'
import type { SettingDifference } from '../../../core/study/comparison/compared-data.ts'

/**
 * Settings in which initialisations were trained differently, a value for each: null for one without a training or where
 * its training does not read the setting. The trainings of one initialisation differ in nothing but their seeds.
 */
export const settingDifferences = (initialisations: readonly (readonly Origin[])[]): SettingDifference[] =>
  trainingDifferences(
    initialisations.map((origins) => origins.find(({ trained }) => trained)?.trained?.config ?? null),
    readInTraining,
  )

/** Settings in which trainings differ among those that read them; null for one that does not, and for no training. */
export function trainingDifferences(
  configs: readonly (RunConfig | null)[],
  isRead: (config: RunConfig, path: string) => boolean,
): SettingDifference[] {
  const known = configs.filter((config) => config !== null)
  return differingPaths(known.map(flattenConfig)).flatMap((path) => {
    const values = configs.map((config) => (config !== null && isRead(config, path) ? settingAt(config, path) : null))
    // Where one alone reads it, there is nothing that it could differ from.
    const distinct = new Set(values.filter((value) => value !== null).map((value) => JSON.stringify(value)))
    return distinct.size > 1 ? [{ path, values }] : []
  })
}
