/** Whether an engine that is asked for by name is there at all; that it computes too, only loading it tells. */
import { ConfigError } from '../../../core/config/parse.ts'
import type { EngineSetting } from '../../../core/config/engines.ts'
import { availableBackends } from '../../trainer/engines/backends.ts'

/** @throws ConfigError where files of it are missing: nothing would come of the run */
export function assertInstalled(engine: EngineSetting): void {
  const backend = availableBackends().find((one) => `tfjs/${one.backend}` === engine)
  if (!backend || backend.missing === null) return
  const way = backend.install.length > 0 ? '; the settings install it (Compute)' : ''
  throw new ConfigError([
    { path: 'engine', message: `${engine} cannot be used on this machine: ${backend.missing}${way}` },
  ])
}
