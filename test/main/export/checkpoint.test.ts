import { mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PbfReader } from 'pbf'
import { expect, it } from 'vitest'
import { checkpointCard } from '../../../src/main/export/checkpoint-card.ts'
import {
  CHECKPOINT_FORMATS,
  checkpointFile,
  checkpointFileName,
  exportCheckpoint,
  importCheckpointFile,
} from '../../../src/main/export/checkpoint.ts'
import { temporaryFolder, testStore } from '../store/fixtures.ts'
import { config, iterationResult, metaTraining, stateAt } from '../store/samples.ts'

async function storeWithCheckpoint() {
  const store = await testStore()
  const { id } = store.createRun(metaTraining())
  store.commitIteration(id, iterationResult(1), true)
  return { store, checkpoint: store.checkpoint(id) }
}

it('a safetensors export is imported elsewhere with the same state and hash, and keeps its card', async () => {
  const { store, checkpoint } = await storeWithCheckpoint()
  const file = join(temporaryFolder(), 'policy.safetensors')
  exportCheckpoint(store, checkpoint.id, 'safetensors', file)
  const other = await testStore()
  const imported = importCheckpointFile(other, file)
  const { sha256, size } = checkpoint
  expect(imported).toMatchObject({ sha256, size, source: file, kind: 'imported', run: null })
  expect(other.readCheckpoint(imported.id)).toEqual({ config: config(), state: stateAt(1) })
  const card = other.checkpointCard(imported.id)
  const run = { id: checkpoint.run, name: 'a meta-training' }
  expect(card).toMatchObject({ run, iteration: 1, sha256, world: config().environment.world, lineage: [] })
  const { returnAfter, costAfter } = iterationResult(1).record.metrics
  expect(card!.results).toEqual({ return: returnAfter, cost: costAfter })
  // Whoever exports it again hands on what is known.
  expect(checkpointFile(other, imported.id, 'safetensors')).toEqual(checkpointFile(store, checkpoint.id, 'safetensors'))
  expect(importCheckpointFile(store, file).id).toBe(checkpoint.id)
})

it('a card names what its checkpoint was trained from, the oldest first, also across databases', async () => {
  const { store, checkpoint } = await storeWithCheckpoint()
  const second = store.createRun(metaTraining({ name: 'second', parentCheckpoint: checkpoint.id }))
  store.commitIteration(second.id, iterationResult(1), true)
  const other = await testStore()
  const bytes = checkpointFile(store, store.checkpoint(second.id).id, 'safetensors')
  const { id } = other.importCheckpoint(bytes, 'second.safetensors')
  // The two checkpoints are equal here but for their runs; the third begins with what was imported.
  const third = other.createRun(metaTraining({ name: 'third', parentCheckpoint: id }))
  other.commitIteration(third.id, iterationResult(1), false)
  const row = other.checkpoint(third.id)
  const { lineage } = checkpointCard(other, row, other.readCheckpoint(row.id))
  expect(lineage.map(({ name, iteration }) => [name, iteration])).toEqual([
    ['a meta-training', 1],
    ['second', 1],
  ])
})

it.each(CHECKPOINT_FORMATS)('a %s export of the same checkpoint has the same bytes', async (format) => {
  const { store, checkpoint } = await storeWithCheckpoint()
  const file = checkpointFile(store, checkpoint.id, format)
  expect(checkpointFile(store, checkpoint.id, format)).toEqual(file)
  expect(checkpointFileName(checkpoint, format)).toMatch(new RegExp(`^${checkpoint.run}-1\\.`))
})

it('an ONNX export says in its metadata what it is', async () => {
  const { store, checkpoint } = await storeWithCheckpoint()
  const entries = metadataOf(checkpointFile(store, checkpoint.id, 'onnx'))
  expect(entries).toMatchObject({ run: checkpoint.run, iteration: '1', cost_limit: String(config().costLimit) })
  expect(entries).toMatchObject({ world: config().environment.world, app_version: '0.0.0-test' })
  expect(entries['licence']).toMatch(/MIT/)
  const card = JSON.parse(entries['card']!) as { configSha256: string }
  expect(entries['config_sha256']).toBe(card.configSha256)
})

/** Fields 14 of a model: pairs of strings (onnx.proto, `metadata_props`). */
function metadataOf(model: Uint8Array): Record<string, string> {
  const entries: Record<string, string> = {}
  new PbfReader(model).readFields((field, _, message) => {
    if (field !== 14) return
    const pair = message.readMessage<string[]>((part, texts, entry) => (texts[part - 1] = entry.readString()), [])
    entries[pair[0]!] = pair[1]!
  }, null)
  return entries
}

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
