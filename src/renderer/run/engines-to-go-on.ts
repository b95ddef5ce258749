import type { EngineName } from '../../core/config/engines.ts'
import type { EngineRow, RunDetail } from '../../main/api/contract.ts'

export interface EngineOption {
  /** Empty: the engine that computed it so far. */
  readonly value: EngineName | ''
  readonly label: string
}

/** A run records with which of its kernels the SIMD engine computed. */
const isOwn = (name: EngineName, recorded: string): boolean => name === recorded || recorded.startsWith(`${name}/`)

/**
 * What a run can go on by: its own engine where that can be used here, then the others that can. The SIMD engine always
 * can, also while the others are not known yet.
 */
export function enginesToGoOn({ name, obstacle }: RunDetail['engine'], engines: readonly EngineRow[]): EngineOption[] {
  const usable = engines.filter((engine) => engine.available && engine.name !== 'simd').map((engine) => engine.name)
  return [
    ...(obstacle === null ? [{ value: '' as const, label: `${name}, as so far` }] : []),
    ...(['simd', ...usable] as const).flatMap((other) => (isOwn(other, name) ? [] : [{ value: other, label: other }])),
  ]
}

/** What is chosen before somebody chooses. */
export const firstChoice = (engine: RunDetail['engine']): EngineName | undefined =>
  enginesToGoOn(engine, [])[0]!.value || undefined
