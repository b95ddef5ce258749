/** Device memory: how much one tensor may take, and what happens when a backend has no more. */

/** The device has too little memory for a call, however small its blocks; nothing was changed. */
export class EngineOutOfMemoryError extends Error {
  override readonly name = 'EngineOutOfMemoryError'

  constructor(engine: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    super(`The device of ${engine} ran out of memory, even for small blocks of rows: ${reason}`, { cause })
  }
}

/**
 * How the backends say it: libtensorflow ("OOM when allocating tensor", RESOURCE_EXHAUSTED), Dawn ("Out of memory",
 * VK_ERROR_OUT_OF_DEVICE_MEMORY, "size ... exceeds", "Binding size ... is larger than the maximum binding size"), Emscripten ("Cannot enlarge memory", "Aborted(OOM)") and
 * JavaScript engines.
 */
const OUT_OF_MEMORY =
  /out[ _]of[ _](?:\w+[ _])?memory|\bOOM\b|resource[ _]?exhausted|(?:array buffer|memory) allocation failed|invalid (?:typed )?array length|cannot enlarge memory|failed to allocate|buffer size .* exceeds|binding size .* (?:is )?larger than the maximum/i

export function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && OUT_OF_MEMORY.test(error.message)
}

/** 64 MiB: half of what a WebGPU device binds to a shader at least (`maxStorageBufferBindingSize`). */
export const DEFAULT_MAXIMUM_FLOATS = 2 ** 24
/** A device that cannot hold this much cannot hold the networks either. */
const SMALLEST_MAXIMUM_FLOATS = 2 ** 12
/** Activations are kept between calls while they take no more than so many tensors of the maximum's size. */
const KEPT_TENSORS = 8

/** Bounds tensors; shrinks for good when the device turns out to be smaller. */
export class MemoryBudget {
  private floats: number

  constructor(maximumFloats: number) {
    if (!(Number.isSafeInteger(maximumFloats) && maximumFloats >= 1)) {
      throw new RangeError(`The most floats of a tensor are a whole number of at least 1; got ${maximumFloats}.`)
    }
    this.floats = maximumFloats
  }

  /** Floats of the largest tensor of a block of rows. */
  get maximumFloats(): number {
    return this.floats
  }

  /** Rows of a block of which each takes `floatsPerRow` floats in its largest tensor. */
  rowsOf(floatsPerRow: number): number {
    return Math.max(1, Math.floor(this.floats / floatsPerRow))
  }

  /** Whether that much may stay on the device from call to call, or is computed anew each time. */
  keeps(floats: number): boolean {
    return floats <= KEPT_TENSORS * this.floats
  }

  /** @returns false if the budget is at its smallest already */
  halve(): boolean {
    if (this.floats / 2 < SMALLEST_MAXIMUM_FLOATS) return false
    this.floats = Math.floor(this.floats / 2)
    return true
  }
}
