import { z } from 'zod'

/** What help, validation messages and forms say about a setting beside its type and bounds. */
export interface SettingNotes {
  /** One sentence. */
  readonly help: string
  readonly unit?: string
  /** Where the default comes from: a paper, a public code base, or our own measurement. */
  readonly source: string
}

/** A setting: a zod type with its default and its notes. */
export function setting<T extends z.ZodType>(type: T, defaultValue: z.output<T>, notes: SettingNotes) {
  return type.default(defaultValue as never).meta({ ...notes })
}

export const positive = (max = Infinity) => z.number().positive().max(max)
export const atLeastZero = (max = Infinity) => z.number().min(0).max(max)
export const count = (min: number, max: number) => z.int().min(min).max(max)

/** A type without its defaults. */
export function unwrap(type: z.ZodType): z.ZodType {
  return type instanceof z.ZodDefault || type instanceof z.ZodPrefault ? unwrap(type.unwrap() as z.ZodType) : type
}
