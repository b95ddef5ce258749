import type { RunConfig } from '../../settings.ts'

/** One rule. Settings that no rule names are always used. */
export interface Dependency {
  /** Fields, or sections with all that is in them. */
  readonly settings: readonly string[]
  /** The fields that decide. */
  readonly on: readonly string[]
  /** Why the settings are not used, e.g. `not used by cpo`; null where they are. */
  unused(config: RunConfig): string | null
}
