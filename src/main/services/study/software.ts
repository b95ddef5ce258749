/** What computes a study, and whether what was computed elsewhere can stand in for it. */
import type { RunConfig } from '../../../core/config/settings.ts'
import { NUMERICS_REVISION, revisionOf } from '../../../core/training/numerics-revision.ts'
import type { Run } from '../../store/store.ts'
import type { TrainerIdentity } from '../../trainer/client.ts'
import { presentBackends } from '../../trainer/engines/backends.ts'
import { identify } from '../../trainer/identity.ts'
import { loadKernels } from '../../trainer/kernels.ts'

/** As far as the bits of a result depend on it. */
export interface Software extends Pick<TrainerIdentity, 'kernel' | 'multiplyAdd' | 'mujoco' | 'node'> {
  readonly revision: number
  /** As runs record it; several where the configuration leaves it open: what any of them computed stands in. */
  readonly engines: readonly string[]
}

export function currentSoftware(config: RunConfig): Software {
  const { engine: simd, kernel, multiplyAdd, mujoco, node } = identify(loadKernels(config.kernels), 1)
  return { revision: NUMERICS_REVISION, engines: enginesOf(config, simd), kernel, multiplyAdd, mujoco, node }
}

/**
 * `auto` and `tfjs` name no engine: which one they mean changes with what is installed, timed and found to load, and a
 * study that is half done must not begin anew for that.
 */
function enginesOf({ engine }: RunConfig, simd: string): string[] {
  const present = presentBackends().map((backend) => `tfjs/${backend}`)
  if (engine === 'auto') return [simd, ...present]
  if (engine === 'tfjs') return present
  return [engine === 'simd' ? simd : engine]
}

/**
 * Results of other software may differ, so they are not taken for this one's. Another version of the program is taken where
 * its numerics are the same. Another Node is taken: it changes at most the last bits of Math.exp and its kin, and
 * `softwareCautions` says so.
 */
export const isSame = ({ trainer }: Run, software: Software): boolean =>
  revisionOf(trainer) === software.revision &&
  software.engines.includes(trainer.engine) &&
  (['kernel', 'multiplyAdd', 'mujoco'] as const).every((part) => trainer[part] === software[part])

/**
 * Which of the runs that a study takes were not computed by this very software throughout, and what was other. Engines are
 * compared with each other: where the configuration leaves them open, none is the right one.
 */
export function softwareCautions(runs: readonly Run[], { node }: Software): string[] {
  const byDifference = new Map<string, Set<string>>()
  for (const { id, trainer } of runs) {
    const differences = [
      ...(trainer.node === node ? [] : [`Node was ${trainer.node} and is ${node}`]),
      ...(trainer.changes ?? []).map((change) => `at a resumption ${change}`),
    ].join('; ')
    if (differences === '') continue
    const alike = byDifference.get(differences)
    if (alike) alike.add(id)
    else byDifference.set(differences, new Set([id]))
  }
  const other = [...byDifference].map(([differences, ids]) => {
    const which = `${ids.size === 1 ? 'Run' : 'Runs'} ${[...ids].join(', ')}`
    return `${which}: computed in part by other software, so the last bits may differ (${differences}).`
  })
  const byEngine = Map.groupBy(runs, ({ trainer }) => trainer.engine)
  if (byEngine.size < 2) return other
  const engines = [...byEngine].map(
    ([engine, own]) => `${engine} (${[...new Set(own.map(({ id }) => id))].join(', ')})`,
  )
  return [...other, `Runs were computed by different engines, so the last bits may differ: ${engines.join('; ')}.`]
}

/** What computed them, in words; null where there are none. */
export const enginesBehind = (runs: readonly Run[]): string | null =>
  runs.length === 0 ? null : [...new Set(runs.map(({ trainer }) => trainer.engine))].sort().join(', ')
