import { z } from 'zod'
import { unwrap } from './setting.ts'

/** What a type allows, in words: `one of hidden, visible`, `a number > 0, <= 1`. */
export function describeAllowed(type: z.ZodType): string {
  if (type instanceof z.ZodObject) return `settings: ${Object.keys(type.shape).join(', ')}`
  if (type instanceof z.ZodLiteral) return [...type.values].join(' or ')
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
