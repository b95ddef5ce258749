import type { TriableEngine } from '../../trainer/client.ts'
import { availableBackends, presentBackends } from '../../trainer/engines/backends.ts'
import type { EngineKind } from '../../trainer/engines/parts.ts'
import { TRIABLE, type EngineMeasurement } from './timings-file.ts'

/** An engine as people choose among them, the preferred first. */
export interface EngineRow {
  readonly name: TriableEngine
  /** Whether all that it needs seems to be there; only loading it tells for sure. */
  readonly available: boolean
  /** Whether it has been loaded here, or cannot fail to. */
  readonly tried: boolean
  /** Why it cannot be used: a clause; null if nothing is known. */
  readonly problem: string | null
  /** What it computes on: as it said when it was loaded for the measurement, else what it is meant for. */
  readonly device: string | null
  /** Of packages and libraries; empty until it was loaded. */
  readonly versions: Readonly<Record<string, string>>
  readonly installs: readonly { readonly kind: EngineKind; readonly device: string }[]
}

export function listEngines(measurement: EngineMeasurement | null): EngineRow[] {
  const backends = availableBackends()
  return TRIABLE.map((name): EngineRow => {
    const timed = measurement?.engines.find((engine) => engine.name === name)
    const status = backends.find(({ backend }) => `tfjs/${backend}` === name)
    const problem = status?.missing ?? timed?.failure ?? null
    return {
      name,
      available: problem === null,
      tried: name in DEVICES || Boolean(timed?.device),
      problem,
      device: timed?.device || (DEVICES[name] ?? null),
      versions: timed?.versions ?? {},
      installs: status?.install ?? [],
    }
  })
}

/** Known without loading anything. */
const DEVICES: Partial<Record<TriableEngine, string>> = {
  simd: 'CPU, all cores (WebAssembly SIMD)',
  'tfjs/wasm': 'CPU, one thread (WebAssembly SIMD)',
  'tfjs/cpu': 'CPU, one thread (JavaScript)',
}

/** Engines that can be timed now. */
export const availableEngines = (): TriableEngine[] => {
  const present = ['simd', ...presentBackends().map((backend) => `tfjs/${backend}`)]
  return TRIABLE.filter((name) => present.includes(name))
}
