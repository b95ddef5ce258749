/** Installing an engine for whoever asks: alone, and with what was known of the one before forgotten. */
import { engineOf, hostsFrom, type EngineKind } from '../../trainer/engines/parts.ts'
import { installEngine, type CheckedEngine, type InstallOptions } from '../../trainer/engines/install.ts'
import { claimEngines } from './claim.ts'
import { forgetEngine } from './timings-file.ts'

/** @throws EngineInstallError, InvalidRequest while engines are being timed or installed, or the signal's reason */
export async function installHere(kind: EngineKind, options: InstallOptions = {}): Promise<CheckedEngine> {
  const giveBack = claimEngines(`installing the engine ${kind}`)
  try {
    const installed = await installEngine(kind, options)
    // It may have failed, and was timed, as another version.
    forgetEngine(`tfjs/${engineOf(kind, hostsFrom({})).backend}`)
    return installed
  } finally {
    giveBack()
  }
}
