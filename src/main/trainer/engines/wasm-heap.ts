/** What of Emscripten's module the guard works on. */
export interface WasmModule {
  /** A signed pointer, as WebAssembly returns it; 0 where there is no memory. */
  _malloc(bytes: number): number
  _free(pointer: number): void
}

/**
 * Kept free for what the kernels allocate themselves: XNNPACK packs a copy of a product's right operand, 64 MiB at most
 * (see core/nn/tfjs/memory.ts), and where it finds no memory it says so on the console only and returns a product that
 * was never computed.
 */
const RESERVE_BYTES = 96 * 2 ** 20

/**
 * Makes tfjs's allocations fail with an error where the heap is full. Without it tfjs takes the null pointer for a
 * tensor's memory, and writes over the module's own data.
 */
export function guardHeap(wasm: WasmModule): void {
  // Emscripten puts the module's function in the place of its own stub on the first call.
  wasm._free(wasm._malloc(1))
  const allocate = wasm._malloc
  wasm._malloc = (bytes) => {
    const pointer = allocate(bytes)
    const reserve = pointer === 0 ? 0 : allocate(RESERVE_BYTES)
    wasm._free(reserve)
    if (reserve !== 0) return pointer
    wasm._free(pointer)
    throw new Error(`The heap of WebAssembly is out of memory: it has no room for ${bytes} bytes`)
  }
}
