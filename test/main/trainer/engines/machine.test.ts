import { expect, test } from 'vitest'
import { machineProblems, parseGpus, type Machine } from '../../../../src/main/trainer/engines/machine.ts'

const LIBRARIES = [
  ...['libcudart.so.11.0', 'libcublas.so.11', 'libcublasLt.so.11', 'libcufft.so.10', 'libcurand.so.10'],
  ...['libcusolver.so.11', 'libcusparse.so.11', 'libcudnn.so.8'],
]
const WITH_CUDA: Machine = {
  platform: 'linux',
  arch: 'x64',
  gpus: [{ name: 'NVIDIA T4', driver: '535.104.05' }],
  libraries: new Set(LIBRARIES),
}

test('a machine with driver, CUDA 11.2 and cuDNN 8.1 lacks nothing', () => {
  expect(machineProblems('gpu', WITH_CUDA)).toEqual([])
})

test('each thing that CUDA needs is named with its version and where to get it', () => {
  const problems = (change: Partial<Machine>) => machineProblems('gpu', { ...WITH_CUDA, ...change })
  expect(problems({ gpus: null })).toEqual([expect.stringMatching(/nvidia-smi.*450\.80\.02.*nvidia\.com\/drivers/)])
  expect(problems({ gpus: [] })).toEqual(["NVIDIA's driver finds no GPU."])
  expect(problems({ gpus: [{ name: 'K80', driver: '450.9.01' }] })).toEqual([
    expect.stringContaining('The driver 450.9.01 of K80 is too old'),
  ])
  const without = (...gone: string[]) =>
    problems({ libraries: new Set(LIBRARIES.filter((file) => !gone.includes(file))) })
  expect(without('libcudnn.so.8')).toEqual([
    expect.stringMatching(/^cuDNN 8\.1 is missing \(libcudnn\.so\.8\): https:/),
  ])
  expect(without('libcufft.so.10', 'libcurand.so.10', 'libcudnn.so.8')).toEqual([
    expect.stringMatching(/^CUDA 11\.2 is missing \(libcufft\.so\.10, libcurand\.so\.10\): https:/),
    expect.stringContaining('cuDNN 8.1'),
  ])
})

test('on the CPU TensorFlow needs Linux x64 only, and says what runs elsewhere', () => {
  expect(machineProblems('tensorflow', { ...WITH_CUDA, gpus: null, libraries: new Set() })).toEqual([])
  for (const [platform, arch] of [
    ['win32', 'x64'],
    ['darwin', 'arm64'],
    ['linux', 'arm64'],
  ] as const) {
    const [problem, ...others] = machineProblems('tensorflow', { ...WITH_CUDA, platform, arch })
    expect(problem).toMatch(`this is ${platform} ${arch}; the engine webgpu runs here`)
    expect(others).toEqual([])
  }
})

test('the answer of nvidia-smi is read, other words are not taken for a GPU', () => {
  expect(parseGpus('NVIDIA H100 80GB HBM3, 550.54.15\nTesla T4, 535.104.05\n')).toEqual([
    { name: 'NVIDIA H100 80GB HBM3', driver: '550.54.15' },
    { name: 'Tesla T4', driver: '535.104.05' },
  ])
  expect(parseGpus('No devices were found\n')).toEqual([])
})
