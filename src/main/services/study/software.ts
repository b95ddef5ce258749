/** What computes a study, and whether what was computed elsewhere can stand in for it. */
import type { RunConfig } from '../../../core/config/settings.ts'
import type { Run } from '../../store/store.ts'
import type { TrainerIdentity } from '../../trainer/client.ts'
import { availableBackends } from '../../trainer/engines/backends.ts'
import { identify } from '../../trainer/identity.ts'
import { recordedName } from '../../trainer/learning-engine.ts'
import { loadKernels } from '../../trainer/kernels.ts'
import { appVersion } from '../database.ts'
import { chosenEngine } from '../engines/chosen-engine.ts'

/** As far as the bits of a result depend on it. */
export interface Software extends Pick<TrainerIdentity, 'engine' | 'kernel' | 'multiplyAdd' | 'mujoco' | 'node'> {
  readonly appVersion: string
  /** Other engines that the configuration leaves room for: what they computed stands in as well. */
  readonly otherEngines?: readonly string[]
}

export function currentSoftware(config: RunConfig): Software {
  const { engine: simd, kernel, multiplyAdd, mujoco, node } = identify(loadKernels(config.kernels), 1)
  const chosen = chosenEngine(config).engine
  const engine = chosen === 'simd' ? simd : recordedName(chosen)
  const otherEngines = enginesLeftOpen(config, simd).filter((name) => name !== engine)
  return { appVersion, engine, kernel, multiplyAdd, mujoco, node, ...(otherEngines.length > 0 ? { otherEngines } : {}) }
}

/**
 * `auto` and `tfjs` name no engine: which one they mean changes with what is installed, timed and found to load, and a
 * study that is half done must not begin anew for that.
 */
function enginesLeftOpen({ engine }: RunConfig, simd: string): string[] {
  if (engine === 'auto') return [simd, ...availableEngineNames()]
  return engine === 'tfjs' ? availableEngineNames() : []
}

const availableEngineNames = () =>
  availableBackends().flatMap(({ backend, missing }) => (missing === null ? [`tfjs/${backend}`] : []))

/**
 * Results of other software may differ, so they are not taken for this one's. Another Node is taken: it changes at most
 * the last bits of Math.exp and its kin, and `softwareCautions` says so.
 */
export const isSame = ({ appVersion: version, trainer }: Run, software: Software): boolean =>
  version === software.appVersion &&
  [software.engine, ...(software.otherEngines ?? [])].includes(trainer.engine) &&
  (['kernel', 'multiplyAdd', 'mujoco'] as const).every((part) => trainer[part] === software[part])

/** Which of the runs that a study takes were not computed by this very software throughout, and what was other. */
export function softwareCautions(runs: readonly Run[], { node, engine }: Software): string[] {
  const byDifference = new Map<string, Set<string>>()
  for (const { id, trainer } of runs) {
    const differences = [
      ...(trainer.node === node ? [] : [`Node was ${trainer.node} and is ${node}`]),
      ...(trainer.engine === engine ? [] : [`the engine was ${trainer.engine} and is ${engine}`]),
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
