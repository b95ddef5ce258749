import { horizontalSum, multiplyAdd } from './vector'

const BETA_1: f32 = 0.9
const BETA_2: f32 = 0.999
const EPSILON: f32 = 1e-8

/**
 * One step of Adam (Kingma & Ba, 2015, algorithm 1) on gradient + l2Gradient * parameters, clipped to `maxNorm` as
 * PyTorch's `clip_grad_norm_` does. `count` is a multiple of 4: padding is zero in all four vectors and stays zero.
 * @param l2Gradient 2 c for a penalty c |parameters|^2
 * @param correction1 1 - beta1^t
 * @param correction2 1 - beta2^t
 */
export function adam(
  count: i32,
  parameters: usize,
  gradient: usize,
  firstMoment: usize,
  secondMoment: usize,
  learningRate: f32,
  l2Gradient: f32,
  maxNorm: f32,
  correction1: f32,
  correction2: f32,
): void {
  const bytes = (<usize>count) << 2
  let squares = f32x4.splat(0)
  for (let i: usize = 0; i < bytes; i += 16) {
    const g = multiplyAdd(f32x4.splat(l2Gradient), v128.load(parameters + i), v128.load(gradient + i))
    v128.store(gradient + i, g)
    squares = multiplyAdd(g, g, squares)
  }
  const scale = f32x4.splat(min<f32>(1, maxNorm / (sqrt<f32>(horizontalSum(squares)) + 1e-6)))
  const rate = f32x4.splat(learningRate / correction1)
  const rescale = f32x4.splat(1 / sqrt<f32>(correction2))
  for (let i: usize = 0; i < bytes; i += 16) {
    const g = f32x4.mul(v128.load(gradient + i), scale)
    const m = multiplyAdd(f32x4.splat(BETA_1), v128.load(firstMoment + i), f32x4.mul(f32x4.splat(1 - BETA_1), g))
    const squared = f32x4.mul(g, g)
    const v = multiplyAdd(f32x4.splat(BETA_2), v128.load(secondMoment + i), f32x4.mul(f32x4.splat(1 - BETA_2), squared))
    v128.store(firstMoment + i, m)
    v128.store(secondMoment + i, v)
    const scaleOfStep = f32x4.add(f32x4.mul(f32x4.sqrt(v), rescale), f32x4.splat(EPSILON))
    const step = f32x4.div(f32x4.mul(rate, m), scaleOfStep)
    v128.store(parameters + i, f32x4.sub(v128.load(parameters + i), step))
  }
}
