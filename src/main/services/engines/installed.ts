/** Whether an engine that is asked for by name is there at all; that it computes too, only loading it tells. */
import { ConfigError } from '../../../core/config/parse.ts'
import type { EngineSetting } from '../../../core/config/engines.ts'
import { availableBackends, type BackendStatus } from '../../trainer/engines/backends.ts'

const backendOf = (engine: EngineSetting): BackendStatus | undefined =>
  availableBackends().find(({ backend }) => `tfjs/${backend}` === engine)

/** What of an engine is missing on this machine: a clause; null where nothing is known to be. */
export const missingOf = (engine: EngineSetting): string | null => backendOf(engine)?.missing ?? null

/** @throws ConfigError where files of it are missing: nothing would come of the run */
export function assertInstalled(engine: EngineSetting): void {
  const backend = backendOf(engine)
  if (!backend || backend.missing === null) return
  const commands = backend.install.map(({ kind }) => `"cmaml engines install ${kind}"`).join(' or ')
  const way = commands === '' ? '' : `; the settings install it (Compute), or ${commands}`
  const message =
    `engine is ${engine}, which cannot be used on this machine: ${backend.missing}${way}; ` +
    'the engine simd needs no installation'
  throw new ConfigError([{ path: 'engine', message }])
}
