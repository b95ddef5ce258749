import { mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { exportCheckpoint, importCheckpointFile } from '../../../src/main/export/checkpoint.ts'
import { temporaryFolder, testStore } from '../store/fixtures.ts'
import { config, iterationResult, metaTraining, stateAt } from '../store/samples.ts'

async function storeWithCheckpoint() {
  const store = await testStore()
  const { id } = store.createRun(metaTraining())
  store.commitIteration(id, iterationResult(1), true)
  return { store, checkpoint: store.checkpoint(id) }
}

it('a safetensors export is imported elsewhere with the same bits and hash', async () => {
  const { store, checkpoint } = await storeWithCheckpoint()
  const file = join(temporaryFolder(), 'policy.safetensors')
  exportCheckpoint(store, checkpoint.id, 'safetensors', file)
  const other = await testStore()
  const imported = importCheckpointFile(other, file)
  expect(imported).toMatchObject({ sha256: checkpoint.sha256, source: file, kind: 'imported' })
  expect(other.readCheckpoint(imported.id)).toEqual({ config: config(), state: stateAt(1) })
})

it('a JSON export has every tensor by name, to the last bit', async () => {
  const { store, checkpoint } = await storeWithCheckpoint()
  const folder = temporaryFolder()
  exportCheckpoint(store, checkpoint.id, 'json', join(folder, 'policy.json'))
  const json = JSON.parse(readFileSync(join(folder, 'policy.json'), 'utf8')) as {
    config: unknown
    iteration: number
    tensors: Record<string, { dtype: string; shape: number[]; data: number[] }>
  }
  const state = stateAt(1)
  expect(json).toMatchObject({ format: 'cmaml-checkpoint', iteration: 1, envSteps: 1000, config: config() })
  expect(json).toMatchObject({ lambdaUpdates: state.lambda.updates, costCriticUpdates: state.costCritic.updates })
  expect(json).not.toHaveProperty('policyUpdates')
  const policy = Object.entries(json.tensors).filter(([name]) => name.startsWith('policy.'))
  expect(Float32Array.from(policy.flatMap(([, tensor]) => tensor.data))).toEqual(state.theta)
  expect(json.tensors['lambda.value']).toEqual({ dtype: 'F64', shape: [], data: [state.lambda.value] })
  expect(readdirSync(folder)).toEqual(['policy.json'])
})

it('files that cannot be imported are refused with their name and the reason', async () => {
  const { store, checkpoint } = await storeWithCheckpoint()
  const folder = temporaryFolder()
  const file = join(folder, 'policy.safetensors')
  exportCheckpoint(store, checkpoint.id, 'safetensors', file)
  truncateSync(file, 3000)
  expect(() => importCheckpointFile(store, file)).toThrow(/policy\.safetensors cannot be used: .*truncated/)
  expect(() => importCheckpointFile(store, join(folder, 'none'))).toThrow(/none cannot be read: ENOENT/)
  expect(() => importCheckpointFile(store, folder)).toThrow(/it is not a file/)
  writeFileSync(file, '')
  truncateSync(file, 2 ** 33)
  expect(() => importCheckpointFile(store, file)).toThrow(/it has 8589934592 bytes, at most 268435456 are allowed/)
  expect(store.checkpoints().filter(({ kind }) => kind === 'imported')).toEqual([])
})

it('an export that fails leaves nothing behind', async () => {
  const { store, checkpoint } = await storeWithCheckpoint()
  const folder = temporaryFolder()
  mkdirSync(join(folder, 'taken'))
  expect(() => exportCheckpoint(store, checkpoint.id, 'json', join(folder, 'taken'))).toThrow(/taken cannot be written/)
  expect(() => exportCheckpoint(store, checkpoint.id, 'json', join(folder, 'no', 'file'))).toThrow(/ENOENT/)
  expect(readdirSync(folder)).toEqual(['taken'])
})
