/** sums [columns] += the column sums of X [rows x columns]: the gradient of a bias. */
export function columnSums(rows: i32, columns: i32, x: usize, sums: usize): void {
  const stride = (<usize>columns) << 2
  const vectors = stride & ~15
  const end = x + <usize>rows * stride
  let j: usize = 0
  for (; j < vectors; j += 16) {
    let sum = f32x4.splat(0)
    for (let p = x + j; p < end; p += stride) sum = f32x4.add(sum, v128.load(p))
    v128.store(sums + j, f32x4.add(v128.load(sums + j), sum))
  }
  for (; j < stride; j += 4) {
    let sum: f32 = 0
    for (let p = x + j; p < end; p += stride) sum += load<f32>(p)
    store<f32>(sums + j, load<f32>(sums + j) + sum)
  }
}

/** Y [count x columns] = rows `indices` of X. */
export function gatherRows(count: i32, columns: i32, x: usize, indices: usize, y: usize): void {
  const stride = (<usize>columns) << 2
  const end = indices + ((<usize>count) << 2)
  for (; indices < end; indices += 4) {
    memory.copy(y, x + <usize>load<i32>(indices) * stride, stride)
    y += stride
  }
}

/** Y [count x columns] = rows 0, step, 2 step, ... of X. */
export function strideRows(count: i32, columns: i32, step: i32, x: usize, y: usize): void {
  const stride = (<usize>columns) << 2
  for (let i = 0; i < count; i++) {
    memory.copy(y, x, stride)
    x += <usize>step * stride
    y += stride
  }
}

/** Y [columns x rows] = X^T with X [rows x columns]. */
export function transpose(rows: i32, columns: i32, x: usize, y: usize): void {
  const strideY = (<usize>rows) << 2
  for (let i = 0; i < rows; i++) {
    let target = y + ((<usize>i) << 2)
    for (let j = 0; j < columns; j++) {
      store<f32>(target, load<f32>(x))
      x += 4
      target += strideY
    }
  }
}
