/** Parsers of the command line's values; what they throw names the value and what is allowed. */
import { InvalidArgumentError, Option } from 'commander'
import { ENGINES, type EngineName, type EngineSetting } from '../../core/config/engines.ts'

export interface IntegerRange {
  readonly min: number
  readonly max: number
}

export const SEED_RANGE: IntegerRange = { min: 0, max: 2 ** 31 - 1 }

export const WORKER_RANGE: IntegerRange = { min: 1, max: 256 }

/** Most seeds that one list may name. */
const MAX_SEEDS = 100_000

export function integer({ min, max }: IntegerRange): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (!/^\d+$/.test(text) || value < min || value > max)
      throw new InvalidArgumentError(`It must be an integer from ${min} to ${max}.`)
    return value
  }
}

export function number({ min, max }: { readonly min: number; readonly max: number }): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (text.trim() === '' || !(value >= min && value <= max))
      throw new InvalidArgumentError(`It must be a number from ${min} to ${max}.`)
    return value
  }
}

/** `301..320`, `122,233` or a mixture; ranges include both ends, order is kept, doubles are dropped. */
export function seeds(text: string): number[] {
  const all = new Set<number>()
  for (const part of text.split(',')) {
    const match = /^(\d+)(?:\.\.(\d+))?$/.exec(part.trim())
    const from = Number(match?.[1] ?? NaN)
    const to = Number(match?.[2] ?? match?.[1] ?? NaN)
    if (!(from <= to && to <= SEED_RANGE.max))
      throw new InvalidArgumentError(`"${part}" is not a seed or a range of seeds such as 122,233 or 301..320.`)
    if (all.size + to - from + 1 > MAX_SEEDS) throw new InvalidArgumentError(`More than ${MAX_SEEDS} seeds.`)
    for (let seed = from; seed <= to; seed++) all.add(seed)
  }
  return [...all]
}

/** Tasks by name, or by their seeds. */
export type TaskSelection = 'training' | 'held-out' | readonly number[]

export const taskSelection = (text: string): TaskSelection =>
  text === 'training' || text === 'held-out' ? text : seeds(text)

export const engineOption = (): Option =>
  new Option('--engine <which>', 'what computes updates (short for --set engine=...); see cmaml settings').choices(
    ENGINES,
  )

/** What a resumed run is to be computed by; undefined: by what computed it so far. */
export const engineToGoOn = (engine: EngineSetting | undefined): EngineName | undefined =>
  engine === 'auto' ? undefined : engine

/** For options that may be given several times. */
export function collect(value: string, previous: readonly string[] | undefined): string[] {
  return [...(previous ?? []), value]
}

/** `a,b,c`; empty parts are refused. */
export function names(text: string): string[] {
  const all = text.split(',').map((name) => name.trim())
  if (all.includes('')) throw new InvalidArgumentError('It must be names with commas between them.')
  return all
}
