import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RunConfig } from '../../core/config/settings.ts'
import { resourcesFolder } from '../resources.ts'

export interface KernelModule {
  readonly module: WebAssembly.Module
  readonly sha256: string
}

/** The kernels with relaxed multiply-add where this runtime has them, unless the run asks for portable bits. */
export function loadKernels(choice: RunConfig['kernels']): KernelModule {
  const read = (name: string) => readFileSync(join(resourcesFolder(), 'kernels', `${name}.wasm`))
  const relaxed = read('relaxed')
  const bytes = choice === 'auto' && WebAssembly.validate(relaxed) ? relaxed : read('portable')
  return { module: new WebAssembly.Module(bytes), sha256: createHash('sha256').update(bytes).digest('hex') }
}
