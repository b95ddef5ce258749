import { migrateConfig } from '../../core/config/migrate.ts'
import { parseRunConfig } from '../../core/config/parse.ts'
import { SCHEMA_VERSION, type RunConfig } from '../../core/config/settings.ts'
import { StoreError } from './errors.ts'

/** A run's configuration as its row has it, in today's form. The row itself stays what it was. */
export function storedConfig(
  run: string,
  { config, configVersion }: { readonly config: string; readonly configVersion: number },
): RunConfig {
  const stored: unknown = JSON.parse(config)
  if (configVersion === SCHEMA_VERSION) return stored as RunConfig
  try {
    // Parsing also puts the settings into today's order: equal configurations make equal checkpoint files.
    return parseRunConfig(migrateConfig(stored))
  } catch (cause) {
    throw new StoreError('corrupt', `The configuration of run ${run} cannot be used: ${(cause as Error).message}`, {
      cause,
    })
  }
}
