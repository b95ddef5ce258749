import { z } from 'zod'
import { unwrap } from './parse.ts'
import type { SettingNotes } from './setting.ts'
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

function describeAllowed(type: z.ZodType): string {
  if (type instanceof z.ZodEnum) return `one of ${type.options.join(', ')}`
  if (type instanceof z.ZodBoolean) return 'true or false'
  if (type instanceof z.ZodArray) return `a list of: ${describeAllowed(unwrap(type.element as z.ZodType))}`
  const json = z.toJSONSchema(type) as Record<string, unknown>
  const bounds = [
    ['minimum', '>='],
    ['exclusiveMinimum', '>'],
    ['maximum', '<='],
    ['exclusiveMaximum', '<'],
  ]
    .filter(([key]) => key! in json && Math.abs(json[key!] as number) < Number.MAX_SAFE_INTEGER)
    .map(([key, sign]) => `${sign} ${json[key!] as number}`)
  return [json['type'] === 'integer' ? 'an integer' : 'a number', ...bounds].join(' ').replace(/(\d) ([<>])/, '$1, $2')
}
