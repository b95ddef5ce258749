/** What a person may name as the start of a fine-tuning, resolved to checkpoints of the store. */
import { existsSync } from 'node:fs'
import { extname, sep } from 'node:path'
import { arms } from '../../core/study/plan/arms.ts'
import { importCheckpointFile } from '../export/checkpoint.ts'
import type { CheckpointRow, InitialisationInput, InitialisationRow, Run, Store } from '../store/store.ts'
import { correctedLabel, initialisationLabel, RANDOM_LABEL } from '../../core/study/plan/initialisation-label.ts'
import { InvalidRequest } from './invalid-request.ts'
import { fileName, printable } from './run-name.ts'

/** A checkpoint by id, hash, run or file; a file is imported. */
export function resolveCheckpoint(store: Store, reference: string): CheckpointRow {
  if (existsSync(reference)) return importCheckpointFile(store, reference)
  const looksLikeFile =
    reference.includes(sep) || extname(reference) === '.safetensors' || extname(reference) === '.json'
  if (looksLikeFile) throw new InvalidRequest(`There is no checkpoint file ${reference}.`)
  return store.checkpoint(reference)
}

/** Initialisations with distinct labels; `random` is the fresh network. */
export function resolveInitialisations(store: Store, references: readonly string[]): InitialisationInput[] {
  const inputs = references.map((reference) => {
    if (reference === RANDOM_LABEL) return { label: RANDOM_LABEL, name: RANDOM_LABEL, id: '', checkpoint: null }
    refuseArm(reference)
    const row = resolveCheckpoint(store, reference)
    const name = row.run === null ? fileName(row.source ?? row.id) : printable(store.run(row.run).name)
    const label = initialisationLabel(store.readCheckpoint(row.id).config)
    return { label, name: `${label} (${name})`, id: `${label} (${row.id})`, checkpoint: row.id }
  })
  const duplicate = inputs.find(
    ({ checkpoint }, i) => inputs.findIndex((other) => other.checkpoint === checkpoint) !== i,
  )
  if (duplicate) throw new InvalidRequest(`The initialisation ${duplicate.name} is named twice.`)
  const label = (['label', 'name', 'id'] as const).find(
    (key) => new Set(inputs.map((input) => input[key])).size === inputs.length,
  )!
  return inputs.map((input) => ({
    label: input.checkpoint === null ? RANDOM_LABEL : input[label],
    checkpoint: input.checkpoint,
  }))
}

/** Studies give checkpoints to arms, `ARM=START`; a fine-tuning knows none. */
function refuseArm(reference: string): void {
  const [arm, start] = reference.split('=', 2)
  if (start !== undefined && Object.hasOwn(arms, arm!) && !existsSync(reference))
    throw new InvalidRequest(
      `${reference} names an arm, as studies do; name the start alone, ${start || 'e.g. random'}.`,
    )
}

/** What a fine-tuning started from, under the labels that a comparison gives them. */
export const shownInitialisations = (store: Store, { id }: Pick<Run, 'id'>): InitialisationRow[] =>
  store.initialisations(id).map((row) => ({
    ...row,
    label: row.checkpoint === null ? row.label : correctedLabel(row.label, store.readCheckpoint(row.checkpoint).config),
  }))
