import type { Tensor, Tf } from './backend.ts'
import { EngineOutOfMemoryError, isOutOfMemory, type MemoryBudget } from './memory.ts'
import { unstack } from './rows.ts'

/** Repeats an attempt in ever smaller blocks while the device is out of memory; attempts must change nothing else. */
export async function inMemory<T>(
  engine: { readonly name: string; readonly budget: MemoryBudget; dropAll(): void },
  attempt: () => T | Promise<T>,
): Promise<T> {
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      if (!isOutOfMemory(error)) throw error
      engine.dropAll()
      if (!engine.budget.halve()) throw new EngineOutOfMemoryError(engine.name, error)
    }
  }
}

/** The one readback of a call: a row per request. */
export async function read(tf: Tf, compute: () => Tensor): Promise<Float32Array[]> {
  const result = tf.tidy(compute)
  try {
    return unstack((await result.data()) as Float32Array, result.shape[0]!)
  } finally {
    result.dispose()
  }
}

/** Adds up what `partOf` makes of each block; transient tensors live for one block. */
export function sumOver<B>(tf: Tf, blocks: readonly B[], partOf: (block: B) => Tensor): Tensor {
  let total: Tensor | null = null
  for (const block of blocks) {
    const before: Tensor | null = total
    total = tf.tidy(() => (before ? tf.add(before, partOf(block)) : partOf(block)))
    before?.dispose()
  }
  return total!
}

export function inGroups<T>(items: readonly T[], most: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / most) }, (_, i) => items.slice(i * most, (i + 1) * most))
}
