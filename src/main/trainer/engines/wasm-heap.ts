/** What of Emscripten's module the guard works on. Pointers come signed out of WebAssembly; 0: there is no memory. */
export interface WasmModule {
  _malloc(bytes: number): number
  _free(pointer: number): void
}

/** Kept free beside a copy of the largest tensor: small allocations of kernels, and what XNNPACK pads copies with. */
const SLACK_BYTES = 2 ** 20
/** Looking whether there is room takes microseconds: so much more is looked for, and used before the next look. */
const CREDIT_BYTES = 2 ** 22

/**
 * Makes tfjs's allocations fail with an error where the heap is full. Without it tfjs takes the null pointer for a
 * tensor's memory, and writes over the module's own data.
 *
 * They fail while the kernels still find the memory that they allocate themselves: XNNPACK packs a copy of a product's
 * right operand, and where it finds no memory it says so on the console only and returns a product that was never
 * computed.
 */
export function guardHeap(wasm: WasmModule): void {
  // Emscripten puts the module's functions in the place of its own stubs on the first call.
  wasm._free(wasm._malloc(1))
  const { _malloc: allocate, _free: free } = wasm
  /** Pointer -> floor(log2(bytes)) of live allocations, and how many there are of each such size. */
  const sizes = new Map<number, number>()
  const counts = new Array<number>(32).fill(0)
  /** The largest size of which there may be any. */
  let top = 0
  let credit = 0
  let assured = 0

  wasm._malloc = (bytes) => {
    const size = 31 - Math.clz32(bytes | 1)
    const pointer = allocate(bytes)
    while (top > size && counts[top] === 0) top--
    top = Math.max(top, size)
    const copy = 2 ** (top + 1)
    credit -= bytes
    if (pointer === 0 || credit < 0 || copy > assured) {
      const reserve = pointer === 0 ? 0 : allocate(copy + SLACK_BYTES + CREDIT_BYTES)
      free(reserve)
      credit = reserve === 0 ? 0 : CREDIT_BYTES
      assured = reserve === 0 ? 0 : copy
      if (reserve === 0) {
        free(pointer)
        throw new Error(`The heap of WebAssembly is out of memory: it has no room for ${bytes} bytes`)
      }
    }
    sizes.set(pointer >>> 0, size)
    counts[size]!++
    return pointer
  }
  wasm._free = (pointer) => {
    const size = sizes.get(pointer >>> 0)
    if (size !== undefined) counts[size]!--
    sizes.delete(pointer >>> 0)
    free(pointer)
  }
}
