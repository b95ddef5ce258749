import type { Tensor, Tf } from './backend.ts'
import { EngineOutOfMemoryError, isEndOfModule, isOutOfMemory, type MemoryBudget } from './memory.ts'
import { unstack } from './rows.ts'

/** An engine whose device may run out of memory. */
export interface BoundedEngine {
  readonly name: string
  readonly budget: MemoryBudget
  dropAll(): void
  /** The backend's module has ended: nothing on it can be used or freed any more. */
  isEnded: boolean
  /** Told once a call has succeeded in smaller blocks than those before it. */
  readonly onSmallerBlocks?: ((maximumFloats: number) => void) | undefined
}

/** Repeats an attempt in ever smaller blocks while the device is out of memory; attempts must change nothing else. */
export async function inMemory<T>(engine: BoundedEngine, attempt: () => T | Promise<T>): Promise<T> {
  const { maximumFloats: before } = engine.budget
  for (;;) {
    try {
      const result = await attempt()
      const { maximumFloats } = engine.budget
      if (maximumFloats < before) engine.onSmallerBlocks?.(maximumFloats)
      return result
    } catch (error) {
      if (engine.isEnded || isEndOfModule(error)) {
        engine.isEnded = true
        throw new EngineOutOfMemoryError(engine.name, error)
      }
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
