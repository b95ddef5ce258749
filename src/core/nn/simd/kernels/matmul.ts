import { multiplyAdd, throughTanh } from './vector'

// Both products compute tiles of 4 rows x 8 columns: eight accumulators, the fewest that hide the latency of two
// multiply-add units, and few enough for the sixteen vector registers of x86-64. Each element is one sum in order of
// depth, so a row's result depends neither on its tile nor on its neighbours. A last tile with fewer than four rows
// repeats the last row: it computes and stores the same numbers again.

/**
 * C [rows x columns] (+)= (A [rows x depth] B [depth x columns] + bias) * (1 - H^2), columns a multiple of 8.
 * @param bias row to add, or 0
 * @param activations H, [rows x columns], or 0 for no factor
 * @param accumulate whether C is added before the factor
 */
export function matmul(
  rows: i32,
  columns: i32,
  depth: i32,
  a: usize,
  b: usize,
  c: usize,
  bias: usize,
  activations: usize,
  accumulate: bool,
): void {
  const strideA = (<usize>depth) << 2
  const strideC = (<usize>columns) << 2
  const last = <usize>(rows - 1)
  for (let i: usize = 0; i <= last; i += 4) {
    const i1 = min(i + 1, last)
    const i2 = min(i + 2, last)
    const i3 = min(i + 3, last)
    for (let j: usize = 0; j < strideC; j += 32) {
      let s00 = f32x4.splat(0)
      let s01 = f32x4.splat(0)
      if (bias) {
        s00 = v128.load(bias + j)
        s01 = v128.load(bias + j, 16)
      }
      let s10 = s00
      let s11 = s01
      let s20 = s00
      let s21 = s01
      let s30 = s00
      let s31 = s01
      let a0 = a + i * strideA
      let a1 = a + i1 * strideA
      let a2 = a + i2 * strideA
      let a3 = a + i3 * strideA
      let row = b + j
      const end = a0 + strideA
      while (a0 < end) {
        const b0 = v128.load(row)
        const b1 = v128.load(row, 16)
        let x = v128.load_splat<f32>(a0)
        s00 = multiplyAdd(x, b0, s00)
        s01 = multiplyAdd(x, b1, s01)
        x = v128.load_splat<f32>(a1)
        s10 = multiplyAdd(x, b0, s10)
        s11 = multiplyAdd(x, b1, s11)
        x = v128.load_splat<f32>(a2)
        s20 = multiplyAdd(x, b0, s20)
        s21 = multiplyAdd(x, b1, s21)
        x = v128.load_splat<f32>(a3)
        s30 = multiplyAdd(x, b0, s30)
        s31 = multiplyAdd(x, b1, s31)
        a0 += 4
        a1 += 4
        a2 += 4
        a3 += 4
        row += strideC
      }
      const c0 = c + i * strideC + j
      const c1 = c + i1 * strideC + j
      const c2 = c + i2 * strideC + j
      const c3 = c + i3 * strideC + j
      if (accumulate) {
        s00 = f32x4.add(s00, v128.load(c0))
        s01 = f32x4.add(s01, v128.load(c0, 16))
        s10 = f32x4.add(s10, v128.load(c1))
        s11 = f32x4.add(s11, v128.load(c1, 16))
        s20 = f32x4.add(s20, v128.load(c2))
        s21 = f32x4.add(s21, v128.load(c2, 16))
        s30 = f32x4.add(s30, v128.load(c3))
        s31 = f32x4.add(s31, v128.load(c3, 16))
      }
      if (activations) {
        const toH = activations - c
        s00 = throughTanh(s00, v128.load(c0 + toH))
        s01 = throughTanh(s01, v128.load(c0 + toH, 16))
        s10 = throughTanh(s10, v128.load(c1 + toH))
        s11 = throughTanh(s11, v128.load(c1 + toH, 16))
        s20 = throughTanh(s20, v128.load(c2 + toH))
        s21 = throughTanh(s21, v128.load(c2 + toH, 16))
        s30 = throughTanh(s30, v128.load(c3 + toH))
        s31 = throughTanh(s31, v128.load(c3 + toH, 16))
      }
      v128.store(c0, s00)
      v128.store(c0, s01, 16)
      v128.store(c1, s10)
      v128.store(c1, s11, 16)
      v128.store(c2, s20)
      v128.store(c2, s21, 16)
      v128.store(c3, s30)
      v128.store(c3, s31, 16)
    }
  }
}

/**
 * C [columnsA x columnsB] += A^T B with A [depth x columnsA] and B [depth x columnsB], columnsB a multiple of 8: the
 * gradient of a layer's kernel from its inputs and the errors of its outputs.
 */
export function matmulTransposed(columnsA: i32, columnsB: i32, depth: i32, a: usize, b: usize, c: usize): void {
  const strideA = (<usize>columnsA) << 2
  const strideB = (<usize>columnsB) << 2
  const last = <usize>(columnsA - 1)
  const end = a + <usize>depth * strideA
  for (let j: usize = 0; j < strideB; j += 32) {
    for (let i: usize = 0; i <= last; i += 4) {
      const i1 = min(i + 1, last)
      const i2 = min(i + 2, last)
      const i3 = min(i + 3, last)
      let s00 = f32x4.splat(0)
      let s01 = s00
      let s10 = s00
      let s11 = s00
      let s20 = s00
      let s21 = s00
      let s30 = s00
      let s31 = s00
      let row = b + j
      let a0 = a + (i << 2)
      if (i3 == i + 3) {
        while (a0 < end) {
          const b0 = v128.load(row)
          const b1 = v128.load(row, 16)
          let x = v128.load_splat<f32>(a0)
          s00 = multiplyAdd(x, b0, s00)
          s01 = multiplyAdd(x, b1, s01)
          x = v128.load_splat<f32>(a0, 4)
          s10 = multiplyAdd(x, b0, s10)
          s11 = multiplyAdd(x, b1, s11)
          x = v128.load_splat<f32>(a0, 8)
          s20 = multiplyAdd(x, b0, s20)
          s21 = multiplyAdd(x, b1, s21)
          x = v128.load_splat<f32>(a0, 12)
          s30 = multiplyAdd(x, b0, s30)
          s31 = multiplyAdd(x, b1, s31)
          a0 += strideA
          row += strideB
        }
      } else {
        const to1 = (i1 - i) << 2
        const to2 = (i2 - i) << 2
        while (a0 < end) {
          const b0 = v128.load(row)
          const b1 = v128.load(row, 16)
          let x = v128.load_splat<f32>(a0)
          s00 = multiplyAdd(x, b0, s00)
          s01 = multiplyAdd(x, b1, s01)
          x = v128.load_splat<f32>(a0 + to1)
          s10 = multiplyAdd(x, b0, s10)
          s11 = multiplyAdd(x, b1, s11)
          x = v128.load_splat<f32>(a0 + to2)
          s20 = multiplyAdd(x, b0, s20)
          s21 = multiplyAdd(x, b1, s21)
          a0 += strideA
          row += strideB
        }
        s30 = s20
        s31 = s21
      }
      const c0 = c + i * strideB + j
      const c1 = c + i1 * strideB + j
      const c2 = c + i2 * strideB + j
      const c3 = c + i3 * strideB + j
      s00 = f32x4.add(s00, v128.load(c0))
      s01 = f32x4.add(s01, v128.load(c0, 16))
      s10 = f32x4.add(s10, v128.load(c1))
      s11 = f32x4.add(s11, v128.load(c1, 16))
      s20 = f32x4.add(s20, v128.load(c2))
      s21 = f32x4.add(s21, v128.load(c2, 16))
      s30 = f32x4.add(s30, v128.load(c3))
      s31 = f32x4.add(s31, v128.load(c3, 16))
      v128.store(c0, s00)
      v128.store(c0, s01, 16)
      v128.store(c1, s10)
      v128.store(c1, s11, 16)
      v128.store(c2, s20)
      v128.store(c2, s21, 16)
      v128.store(c3, s30)
      v128.store(c3, s31, 16)
    }
  }
}
