import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { compileKernels, kernelFile, kernelVariants } from '../../../scripts/build-kernels.ts'
import {
  instantiateKernels,
  KERNEL_DATA_END,
  kernelVariant,
  multiplyAddMode,
  type KernelVariant,
} from '../../../src/core/nn/simd/kernels.ts'
import { createKernelMemory } from '../../../src/core/nn/simd/memory.ts'
import { stream } from '../../../src/core/random/stream.ts'
import { kernelModule } from './engine.ts'
import { sameBits } from './reference.ts'

function instance(variant: KernelVariant, ...sizes: number[]) {
  const { memory, regions } = createKernelMemory((allocate) => sizes.map(allocate))
  return { kernels: instantiateKernels(kernelModule(variant), memory), regions }
}

describe.each(kernelVariants)('%s', (variant) => {
  test('the committed module is what its sources compile to', async () => {
    expect(Buffer.from(await compileKernels(variant)).equals(readFileSync(kernelFile(variant)))).toBe(true)
  })

  test('the module knows what it is and keeps its data below the first region', () => {
    const { kernels, regions } = instance(variant, 8)
    expect(kernelVariant(kernels)).toBe(variant)
    expect(regions[0]!.pointer).toBe(KERNEL_DATA_END)
    expect(regions[0]!.floats.every((value) => value === 0)).toBe(true)
  })

  test('tanh is good to 4e-7 everywhere, odd, bounded, and keeps NaN', () => {
    const count = 40_000
    const { kernels, regions } = instance(variant, count)
    const { pointer, floats } = regions[0]!
    const tanh = (inputs: Float32Array) => {
      floats.set(inputs)
      kernels.tanhRows(count, pointer)
      return floats.slice()
    }
    const inputs = new Float32Array(count).map((_, i) => 24 * (i / count - 0.5))
    inputs.set([0, Infinity, -Infinity, 1e30, -1e30, 1e-30, 1e-6, 0.5])
    const outputs = tanh(inputs)
    const worst = outputs.reduce((most, h, i) => Math.max(most, Math.abs(h - Math.tanh(inputs[i]!))), 0)
    expect(worst).toBeLessThan(4e-7)
    expect(outputs.every((h) => Math.abs(h) <= 1)).toBe(true)
    expect(outputs[5]! / 1e-30).toBeCloseTo(1, 6)
    const mirrored = tanh(inputs.map((x) => -x))
    expect(mirrored.every((h, i) => h === -outputs[i]!)).toBe(true)
    expect(tanh(inputs.fill(NaN)).every(Number.isNaN)).toBe(true)
  })
})

test('only the relaxed module may fuse its multiply-add', () => {
  expect(multiplyAddMode(instance('portable').kernels)).toBe('unfused')
  expect(['fused', 'unfused']).toContain(multiplyAddMode(instance('relaxed').kernels))
})

test.each([
  [1, 8, 4],
  [7, 16, 12],
  [130, 24, 20],
])(
  'the portable product of %i x %i x %i is rounded after every operation, in order of depth',
  (rows, columns, depth) => {
    const { kernels, regions } = instance('portable', rows * depth, depth * columns, rows * columns, columns)
    const [a, b, c, bias] = regions.map((region) => region.floats) as [
      Float32Array,
      Float32Array,
      Float32Array,
      Float32Array,
    ]
    const random = stream(5, rows)
    for (const floats of [a, b, bias]) floats.forEach((_, i) => (floats[i] = random.normal()))
    const [pa, pb, pc, pBias] = regions.map((region) => region.pointer) as [number, number, number, number]
    const { fround } = Math
    const element = (i: number, j: number) => {
      let sum = bias[j]!
      for (let k = 0; k < depth; k++) sum = fround(sum + fround(a[i * depth + k]! * b[k * columns + j]!))
      return sum
    }
    kernels.matmul(rows, columns, depth, pa, pb, pc, pBias, 0, false)
    expect(
      sameBits(
        c,
        new Float32Array(rows * columns).map((_, at) => element(Math.floor(at / columns), at % columns)),
      ),
    ).toBe(true)

    // The transposed product of the same numbers: A^T is read as [depth x rows], so C is [rows x columns] again.
    c.fill(0)
    kernels.matmulTransposed(rows, columns, depth, pa, pb, pc)
    const transposed = (i: number, j: number) => {
      let sum = 0
      for (let k = 0; k < depth; k++) sum = fround(sum + fround(a[k * rows + i]! * b[k * columns + j]!))
      return sum
    }
    expect(c).toEqual(
      new Float32Array(rows * columns).map((_, at) => transposed(Math.floor(at / columns), at % columns)),
    )
  },
)
