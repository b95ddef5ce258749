/** a * b + c in four lanes: one instruction where relaxed SIMD fuses it, else a rounded product and a rounded sum. */
export function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c)
  return f32x4.add(f32x4.mul(a, b), c)
}

/** Sum of the four lanes, always in this order. */
export function horizontalSum(v: v128): f32 {
  const low = f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1)
  const high = f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3)
  return low + high
}

/** s (1 - h^2): the error s carried back through the activation h of a tanh unit. */
export function throughTanh(s: v128, h: v128): v128 {
  return f32x4.sub(s, f32x4.mul(f32x4.mul(s, h), h))
}
