import { KERNEL_DATA_END } from './kernels.ts'

/** Float32 storage inside kernel memory. */
export interface Region {
  /** Byte address, a multiple of 64 (a cache line). */
  readonly pointer: number
  readonly floats: Float32Array
}

export type Allocate = (floats: number) => Region

const PAGE = 65_536
/** What 32-bit addresses and V8 allow. */
const MAX_BYTES = 2 ** 32

/**
 * Creates a memory of exactly the size that `layout` asks for, and returns it with what `layout` made of it. The
 * layout runs twice, first to count, so that the memory never grows and its views stay valid.
 */
export function createKernelMemory<T>(layout: (allocate: Allocate) => T): { memory: WebAssembly.Memory; regions: T } {
  let end = KERNEL_DATA_END
  const reserve = (floats: number): number => {
    const pointer = end
    end += Math.ceil(floats / 16) * 64
    return pointer
  }
  const nothing = new Float32Array(0)
  layout((floats) => ({ pointer: reserve(floats), floats: nothing }))
  if (end > MAX_BYTES) throw new RangeError(`The learner needs ${end} bytes of memory; WebAssembly has at most 4 GiB.`)
  const pages = Math.ceil(end / PAGE)
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages })
  end = KERNEL_DATA_END
  const regions = layout((floats) => {
    const pointer = reserve(floats)
    return { pointer, floats: new Float32Array(memory.buffer, pointer, floats) }
  })
  return { memory, regions }
}

/** Copies a vector and clears what is left of the region. */
export function storePadded(source: Float32Array, region: Region): void {
  region.floats.set(source)
  region.floats.fill(0, source.length)
}
