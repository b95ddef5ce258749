import type { RunConfig } from '../../settings.ts'
import { whereNot } from './conditions.ts'
import type { Dependency } from './dependency.ts'

/** Within a multiplier that lives as long as a run (src/core/rl/multiplier.ts). */
export function lastingMultiplier(
  path: string,
  of: (config: RunConfig) => RunConfig['preTraining']['lambda'],
): Dependency[] {
  const mode = `${path}.mode`
  const name = path.slice(path.lastIndexOf('.') + 1)
  return [
    {
      settings: [`${path}.initial`],
      on: [mode],
      unused: (config) => whereNot(of(config).mode !== 'off', `not used: ${name} is off`),
    },
    {
      settings: ['update', 'rate', 'cap', 'violationCap'].map((key) => `${path}.${key}`),
      on: [mode],
      unused: (config) => whereNot(of(config).mode === 'adaptive', `not used: ${name} is ${of(config).mode}`),
    },
    {
      settings: controllerGains(path),
      on: [mode, `${path}.update`],
      unused: (config) =>
        of(config).mode === 'adaptive'
          ? whereNot(of(config).update === 'pid', `not used by ${of(config).update} updates`)
          : `not used: ${name} is ${of(config).mode}`,
    },
  ]
}

export const controllerGains = (path: string): string[] =>
  ['proportional', 'derivative', 'smoothing'].map((key) => `${path}.${key}`)
