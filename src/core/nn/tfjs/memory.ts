/** Device memory: how much one tensor may take, and what happens when a backend has no more. */

/** The device has too little memory for a call, however small its blocks; nothing was changed. */
export class EngineOutOfMemoryError extends Error {
  override readonly name = 'EngineOutOfMemoryError'

  constructor(engine: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    const blocks = isEndOfModule(cause) ? '' : ', even for small blocks of rows'
    super(`The device of ${engine} ran out of memory${blocks}: ${reason}`, { cause })
  }
}

/**
 * Whether a WebAssembly module ended for want of memory: where C++ finds none it aborts, or traps at whatever a null
 * pointer led to. Every later call of the module fails, also those that free memory.
 */
export function isEndOfModule(error: unknown): boolean {
  return (
    error instanceof WebAssembly.RuntimeError &&
    /^Aborted\(|memory access out of bounds|unreachable/.test(error.message)
  )
}

/**
 * How the backends say it: libtensorflow ("OOM when allocating tensor", RESOURCE_EXHAUSTED), Dawn ("Out of memory",
 * VK_ERROR_OUT_OF_DEVICE_MEMORY, "size ... exceeds", "Binding size ... is larger than the maximum binding size"),
 * Emscripten ("Cannot enlarge memory"), the guarded heap of `wasm` ("out of memory") and JavaScript engines ("Array buffer
 * allocation failed").
 */
const OUT_OF_MEMORY =
  /out[ _]of[ _](?:\w+[ _])?memory|\bOOM\b|resource[ _]?exhausted|(?:array buffer|memory) allocation failed|cannot enlarge memory|failed to allocate|buffer size .* exceeds|binding size .* (?:is )?larger than the maximum/i

export function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && OUT_OF_MEMORY.test(error.message)
}

/** 64 MiB: half of what a WebGPU device binds to a shader at least (`maxStorageBufferBindingSize`). */
export const DEFAULT_MAXIMUM_FLOATS = 2 ** 24
/** A device that cannot hold this much cannot hold the networks either. */
const SMALLEST_MAXIMUM_FLOATS = 2 ** 12
/** Activations of tasks that were bound together are kept between calls up to so many tensors of the maximum's size. */
const KEPT_TENSORS_OF_GROUP = 8
/**
 * All that is kept between calls, in tensors of the maximum's size: 1.25 GiB. The heap of `wasm` ends at 4 GiB and takes
 * about twice as much as its tensors: XNNPACK keeps a packed copy of what stood on the right of a product.
 */
const KEPT_TENSORS = 20

/** Bounds tensors and what is kept of them; shrinks for good when the device turns out to be smaller. */
export class MemoryBudget {
  private floats: number
  private keptFloats = 0

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

  /**
   * Asks that much to stay on the device from call to call, until it is released. What may not is uploaded or computed
   * anew in each call.
   */
  keep(floats: number): boolean {
    if (this.keptFloats + floats > KEPT_TENSORS * this.floats) return false
    this.keptFloats += floats
    return true
  }

  /** As `keep`, of the activations of tasks that were bound together. */
  keepActivations(floats: number): boolean {
    return floats <= KEPT_TENSORS_OF_GROUP * this.floats && this.keep(floats)
  }

  release(floats: number): void {
    this.keptFloats -= floats
  }

  /** @returns false if the budget is at its smallest already */
  halve(): boolean {
    if (this.floats / 2 < SMALLEST_MAXIMUM_FLOATS) return false
    this.floats = Math.floor(this.floats / 2)
    return true
  }
}
