// tfjs's own WebAssembly module with a smaller maximum of memory: its heap is full long before 4 GiB.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'

const PAGE = 2 ** 16
const MEMORY_SECTION = 5
/** Magic number and version. */
const HEADER = 8

/** @returns a folder with the package's .wasm files, whose memories end at `bytes` */
export function smallWasm(bytes: number): string {
  const source = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'))
  const folder = mkdtempSync(join(tmpdir(), 'cmaml-wasm-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  for (const file of ['tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-simd.wasm']) {
    writeFileSync(join(folder, file), withMaximum(readFileSync(join(source, file)), bytes / PAGE))
  }
  return folder
}

/** Sets the maximum in the memory section: one memory, its flags (1: with a maximum), initial and maximum pages. */
function withMaximum(module: Uint8Array, pages: number): Uint8Array {
  let at = HEADER
  const number = () => {
    let value = 0
    for (let shift = 0; ; shift += 7) {
      const byte = module[at++]!
      value |= (byte & 127) << shift
      if (byte < 128) return value
    }
  }
  while (at < module.length) {
    const section = module[at++]
    const end = number() + at
    if (section === MEMORY_SECTION) {
      if (number() !== 1 || number() !== 1) break
      number()
      const bytes = end - at
      for (let i = 0; i < bytes; i++) module[at + i] = ((pages >> (7 * i)) & 127) | (i < bytes - 1 ? 128 : 0)
      return module
    }
    at = end
  }
  throw new Error('The module has no memory with a maximum.')
}
