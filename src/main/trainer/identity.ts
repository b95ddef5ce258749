import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { cpus } from 'node:os'
import { join, dirname } from 'node:path'
import { NUMERICS_REVISION } from '../../core/training/numerics-revision.ts'
import { instantiateKernels, kernelVariant, multiplyAddMode } from '../../core/nn/simd/kernels.ts'
import type { TrainerIdentity } from './client.ts'
import type { KernelModule } from './kernels.ts'
import type { LearningEngine } from './learning-engine.ts'

/**
 * What computes: the bits of a run depend on the program's numerics, on the kernel, on whether it fuses, and on MuJoCo's
 * version; with an engine of its own for the updates also on that.
 */
export function identify(
  { module, sha256 }: KernelModule,
  workers: number,
  engine: LearningEngine | null = null,
): TrainerIdentity {
  const kernels = instantiateKernels(module, new WebAssembly.Memory({ initial: 2 }))
  const blockFloats = engine?.blockFloats() ?? null
  return {
    engine: engine?.learner.name ?? `simd/${kernelVariant(kernels)}`,
    kernel: sha256,
    multiplyAdd: multiplyAddMode(kernels),
    workers,
    node: process.versions.node,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    mujoco: mujocoVersion(),
    revision: NUMERICS_REVISION,
    ...(engine ? { backend: engine.backend, device: engine.device, versions: engine.versions } : {}),
    ...(blockFloats === null ? {} : { blockFloats }),
  }
}

function mujocoVersion(): string {
  const entry = createRequire(import.meta.url).resolve('@mujoco/mujoco')
  const { version } = JSON.parse(readFileSync(join(dirname(entry), 'package.json'), 'utf8')) as { version: string }
  return version
}
