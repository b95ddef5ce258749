import { horizontalSum, multiplyAdd } from './vector'

/**
 * Y [rows x outputs] (+)= X [rows x width] W^T + bias with W [outputs x width], width a multiple of 4: the linear head.
 * @param bias row to add, or 0
 */
export function head(
  rows: i32,
  outputs: i32,
  width: i32,
  x: usize,
  w: usize,
  bias: usize,
  y: usize,
  accumulate: bool,
): void {
  const stride = (<usize>width) << 2
  for (let i = 0; i < rows; i++) {
    let weights = w
    for (let o = 0; o < outputs; o++) {
      let sum = f32x4.splat(0)
      for (let k: usize = 0; k < stride; k += 16) sum = multiplyAdd(v128.load(x + k), v128.load(weights + k), sum)
      let result = horizontalSum(sum)
      if (bias) result += load<f32>(bias + ((<usize>o) << 2))
      store<f32>(y, accumulate ? load<f32>(y) + result : result)
      y += 4
      weights += stride
    }
    x += stride
  }
}
