import { multiplyAdd } from './vector'

/** Whether this module was compiled with relaxed SIMD. */
export function isRelaxed(): bool {
  return ASC_FEATURE_RELAXED_SIMD
}

/** a * b + c as all kernels compute it; tells whether this processor fuses it. */
export function multiplyAddOnce(a: f32, b: f32, c: f32): f32 {
  return f32x4.extract_lane(multiplyAdd(f32x4.splat(a), f32x4.splat(b), f32x4.splat(c)), 0)
}

/**
 * 96 floating-point operations per iteration, all in registers: the roof that benchmarks compare kernels with. With
 * a = 0 the numbers stay what they are, which no compiler knows.
 */
export function multiplyAddRoof(iterations: i32, a: f32): f32 {
  const x = f32x4.splat(a)
  let s0 = f32x4.splat(1)
  let s1 = f32x4.splat(2)
  let s2 = f32x4.splat(3)
  let s3 = f32x4.splat(4)
  let s4 = f32x4.splat(5)
  let s5 = f32x4.splat(6)
  let s6 = f32x4.splat(7)
  let s7 = f32x4.splat(8)
  let s8 = f32x4.splat(9)
  let s9 = f32x4.splat(10)
  let s10 = f32x4.splat(11)
  let s11 = f32x4.splat(12)
  for (let i = 0; i < iterations; i++) {
    s0 = multiplyAdd(x, s0, s0)
    s1 = multiplyAdd(x, s1, s1)
    s2 = multiplyAdd(x, s2, s2)
    s3 = multiplyAdd(x, s3, s3)
    s4 = multiplyAdd(x, s4, s4)
    s5 = multiplyAdd(x, s5, s5)
    s6 = multiplyAdd(x, s6, s6)
    s7 = multiplyAdd(x, s7, s7)
    s8 = multiplyAdd(x, s8, s8)
    s9 = multiplyAdd(x, s9, s9)
    s10 = multiplyAdd(x, s10, s10)
    s11 = multiplyAdd(x, s11, s11)
  }
  s0 = f32x4.add(s0, s6)
  s1 = f32x4.add(s1, s7)
  s2 = f32x4.add(s2, s8)
  s3 = f32x4.add(s3, s9)
  s4 = f32x4.add(s4, s10)
  s5 = f32x4.add(s5, s11)
  const sum = f32x4.add(f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3)), f32x4.add(s4, s5))
  return f32x4.extract_lane(sum, 0)
}
