/** The exports of resources/kernels/*.wasm; `kernels/` holds their sources. Pointers are byte addresses. */
export interface Kernels {
  /** C (+)= (A B + bias) * (1 - H^2); bias and activations may be 0. */
  matmul(
    rows: number,
    columns: number,
    depth: number,
    a: number,
    b: number,
    c: number,
    bias: number,
    activations: number,
    accumulate: boolean,
  ): void
  /** C += A^T B */
  matmulTransposed(columnsA: number, columnsB: number, depth: number, a: number, b: number, c: number): void
  /** Y (+)= X W^T + bias; bias may be 0. */
  head(
    rows: number,
    outputs: number,
    width: number,
    x: number,
    w: number,
    bias: number,
    y: number,
    accumulate: boolean,
  ): void
  tanhRows(count: number, x: number): void
  columnSums(rows: number, columns: number, x: number, sums: number): void
  gatherRows(count: number, columns: number, x: number, indices: number, y: number): void
  strideRows(count: number, columns: number, step: number, x: number, y: number): void
  transpose(rows: number, columns: number, x: number, y: number): void
  adam(
    count: number,
    parameters: number,
    gradient: number,
    firstMoment: number,
    secondMoment: number,
    learningRate: number,
    l2Gradient: number,
    maxNorm: number,
    correction1: number,
    correction2: number,
  ): void
  isRelaxed(): number
  multiplyAddOnce(a: number, b: number, c: number): number
  /** 96 floating-point operations per iteration; a = 0. */
  multiplyAddRoof(iterations: number, a: number): number
}

/** The modules' static data (constants of tanh) lie below this address. */
export const KERNEL_DATA_END = 65_536

export function instantiateKernels(module: WebAssembly.Module, memory: WebAssembly.Memory): Kernels {
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Kernels
}

export type KernelVariant = 'relaxed' | 'portable'

export function kernelVariant(kernels: Kernels): KernelVariant {
  return kernels.isRelaxed() ? 'relaxed' : 'portable'
}

/**
 * Whether the kernels' multiply-add rounds once or twice on this processor. The square of 1 + 2^-12 is
 * 1 + 2^-11 + 2^-24; a float32 product drops its last term, a fused one keeps it.
 */
export function multiplyAddMode(kernels: Kernels): 'fused' | 'unfused' {
  const a = 1 + 2 ** -12
  return kernels.multiplyAddOnce(a, a, -(1 + 2 ** -11)) === 0 ? 'unfused' : 'fused'
}
