/** What computes a study, and whether what was computed elsewhere can stand in for it. */
import type { RunConfig } from '../../../core/config/settings.ts'
import { chooseEngine } from '../../../core/training/choose-engine.ts'
import type { Run } from '../../store/store.ts'
import type { TrainerIdentity } from '../../trainer/client.ts'
import { identify } from '../../trainer/identity.ts'
import { recordedName } from '../../trainer/learning-engine.ts'
import { loadKernels } from '../../trainer/kernels.ts'
import { appVersion } from '../database.ts'

/** As far as the bits of a result depend on it. */
export interface Software extends Pick<TrainerIdentity, 'engine' | 'kernel' | 'multiplyAdd' | 'mujoco' | 'node'> {
  readonly appVersion: string
}

export function currentSoftware(config: RunConfig): Software {
  const { engine: simd, kernel, multiplyAdd, mujoco, node } = identify(loadKernels(config.kernels), 1)
  const chosen = chooseEngine(config, null)
  const engine = chosen === 'simd' ? simd : recordedName(chosen)
  return { appVersion, engine, kernel, multiplyAdd, mujoco, node }
}

/**
 * Results of other software may differ, so they are not taken for this one's. Another Node is taken: it changes at most
 * the last bits of Math.exp and its kin, and `softwareCautions` says so.
 */
export const isSame = ({ appVersion: version, trainer }: Run, software: Software): boolean =>
  version === software.appVersion &&
  (['engine', 'kernel', 'multiplyAdd', 'mujoco'] as const).every((part) => trainer[part] === software[part])

/** Which of the runs that a study takes were not computed by this very software throughout, and what was other. */
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
  return [...byDifference].map(([differences, ids]) => {
    const which = `${ids.size === 1 ? 'Run' : 'Runs'} ${[...ids].join(', ')}`
    return `${which}: computed in part by other software, so the last bits may differ (${differences}).`
  })
}
