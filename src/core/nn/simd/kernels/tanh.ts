import { multiplyAdd } from './vector'

// In memory, because V8 builds a vector constant anew wherever one is used, which costs more than loading it.
// prettier-ignore
const CONSTANTS = memory.data<f32>([
  // Where float32 tanh is 1 to within half a unit in the last place of the approximation.
  7.90531110763549805, -7.90531110763549805,
  // Odd numerator, from x^13 down to x; even denominator, from x^6 down to 1.
  -2.76076847742355e-16, 2.00018790482477e-13, -8.60467152213735e-11, 5.12229709037114e-8, 1.48572235717979e-5,
  6.37261928875436e-4, 4.89352455891786e-3,
  1.19825839466702e-6, 1.18534705686654e-4, 2.268434632439e-3, 4.89352518554385e-3,
])

function constant(index: usize): v128 {
  return v128.load_splat<f32>(CONSTANTS + (index << 2))
}

/**
 * X <- tanh(X), `count` a multiple of 8. A rational approximation with the coefficients of Eigen
 * (https://gitlab.com/libeigen/eigen, Eigen/src/Core/MathFunctionsImpl.h, generic_fast_tanh). Two vectors at a time
 * share the constants.
 */
export function tanhRows(count: i32, x: usize): void {
  const end = x + ((<usize>count) << 2)
  for (; x < end; x += 32) {
    const a = clamp(v128.load(x))
    const b = clamp(v128.load(x, 16))
    const aa = f32x4.mul(a, a)
    const bb = f32x4.mul(b, b)
    let c = constant(2)
    let pa = c
    let pb = c
    c = constant(3)
    pa = multiplyAdd(pa, aa, c)
    pb = multiplyAdd(pb, bb, c)
    c = constant(4)
    pa = multiplyAdd(pa, aa, c)
    pb = multiplyAdd(pb, bb, c)
    c = constant(5)
    pa = multiplyAdd(pa, aa, c)
    pb = multiplyAdd(pb, bb, c)
    c = constant(6)
    pa = multiplyAdd(pa, aa, c)
    pb = multiplyAdd(pb, bb, c)
    c = constant(7)
    pa = multiplyAdd(pa, aa, c)
    pb = multiplyAdd(pb, bb, c)
    c = constant(8)
    pa = multiplyAdd(pa, aa, c)
    pb = multiplyAdd(pb, bb, c)
    c = constant(9)
    let qa = c
    let qb = c
    c = constant(10)
    qa = multiplyAdd(qa, aa, c)
    qb = multiplyAdd(qb, bb, c)
    c = constant(11)
    qa = multiplyAdd(qa, aa, c)
    qb = multiplyAdd(qb, bb, c)
    c = constant(12)
    qa = multiplyAdd(qa, aa, c)
    qb = multiplyAdd(qb, bb, c)
    v128.store(x, f32x4.div(f32x4.mul(pa, a), qa))
    v128.store(x, f32x4.div(f32x4.mul(pb, b), qb), 16)
  }
}

/** Keeps NaN, so that a broken parameter shows: pmin and pmax return their first operand unless the second is beyond. */
function clamp(x: v128): v128 {
  return f32x4.pmin(f32x4.pmax(x, constant(1)), constant(0))
}
