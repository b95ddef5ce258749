/** Which settings beside the seed a run's numbers depend on: all others may differ between runs that are otherwise alike. */
import type { RunConfig } from '../../core/config/settings.ts'
import { flattenConfig } from './config-differences.ts'

/** Which engine computed a run is a matter of its software: `auto` and the engine that it chooses are one. */
const UNREAD_IN_TRAINING = /^(seed|engine|milestoneEvery|record(Every|Tasks)|fineTune\..*|tasks\.heldOut.*)$/

/** Sections that a method of training does not read. */
const UNREAD_BY_METHOD: Readonly<Record<RunConfig['method'], RegExp>> = {
  meta: /^preTraining\./,
  'pre-train': /^meta\.(?!limitShare$)/,
}

/** Settings of a fine-tuning; which tasks it adapts to, and how many, is stored with the run. */
const READ_IN_FINE_TUNING =
  /^((environment|policy|advantage|inner|critics|fineTune)\.(?!tasks$).*|costLimit|kernels|observationScaling)$/

export const readInTraining = ({ method }: Pick<RunConfig, 'method'>, path: string): boolean =>
  !UNREAD_IN_TRAINING.test(path) && !UNREAD_BY_METHOD[method].test(path)

/** What a training reads, by dotted path. */
export const trainingSettings = (config: RunConfig): Map<string, string> =>
  settingsAmong(config, (path) => readInTraining(config, path))

/** What a fine-tuning reads of its own configuration, by dotted path. */
export const fineTuningSettings = (config: RunConfig): Map<string, string> =>
  settingsAmong(config, (path) => READ_IN_FINE_TUNING.test(path))

const settingsAmong = (config: RunConfig, read: (path: string) => boolean): Map<string, string> =>
  new Map([...flattenConfig(config)].filter(([path]) => read(path)))
