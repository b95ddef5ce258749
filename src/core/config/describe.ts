import { z } from 'zod'
import { describeAllowed } from './allowed.ts'
import { unwrap, type SettingNotes } from './setting.ts'
import { runConfigSchema } from './settings.ts'

/** One setting as help texts and forms show it. */
export interface SettingDescription extends SettingNotes {
  /** Dotted path, e.g. `meta.eta.cap`. */
  readonly path: string
  readonly default: unknown
  /** What is allowed, in words: `one of hidden, visible`, `a number > 0, <= 1`. */
  readonly allowed: string
}

/** Every setting of a run, in the order of the schema. */
export function describeSettings(): SettingDescription[] {
  return [...walk(runConfigSchema, [])]
}

function* walk(type: z.ZodType, path: readonly string[]): Generator<SettingDescription> {
  const inner = unwrap(type)
  if (inner instanceof z.ZodObject) {
    for (const [key, child] of Object.entries(inner.shape)) yield* walk(child as z.ZodType, [...path, key])
    return
  }
  const notes = type.meta() as SettingNotes | undefined
  if (!notes?.help) return // schemaVersion is not a setting
  yield { path: path.join('.'), default: type.parse(undefined), allowed: describeAllowed(inner), ...notes }
}
