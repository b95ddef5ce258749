/**
 * Compiles the SIMD kernels to resources/kernels/{relaxed,portable}.wasm. The results are committed, so that nothing
 * has to be compiled after a clone; a test checks that they are what this script makes of the sources.
 */
import asc from 'assemblyscript/asc'
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { KernelVariant } from '../src/core/nn/simd/kernels.ts'

export const kernelVariants: readonly KernelVariant[] = ['relaxed', 'portable']

const root = new URL('../', import.meta.url)
const entry = 'src/core/nn/simd/kernels/index.ts'

export function kernelFile(variant: KernelVariant): URL {
  return new URL(`resources/kernels/${variant}.wasm`, root)
}

export async function compileKernels(variant: KernelVariant): Promise<Uint8Array> {
  const output: { wasm?: Uint8Array } = {}
  const features = variant === 'relaxed' ? ['--enable', 'simd', '--enable', 'relaxed-simd'] : ['--enable', 'simd']
  const options = [
    '--baseDir',
    fileURLToPath(root),
    '--outFile',
    'kernels.wasm',
    '--runtime',
    'stub',
    '--importMemory',
    '--noExportMemory',
  ]
  const { error, stderr } = await asc.main([entry, ...options, '-O3', '--noAssert', ...features], {
    writeFile: (_name, contents) => {
      if (typeof contents !== 'string') output.wasm = contents
    },
  })
  if (error || !output.wasm) throw new Error(`${error?.message ?? 'no output'}\n${stderr.toString()}`)
  return output.wasm
}

if (import.meta.main) {
  mkdirSync(new URL('resources/kernels', root), { recursive: true })
  for (const variant of kernelVariants) {
    const wasm = await compileKernels(variant)
    writeFileSync(kernelFile(variant), wasm)
    console.log(`resources/kernels/${variant}.wasm  ${wasm.length} bytes`)
  }
}
