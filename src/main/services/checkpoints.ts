/** Checkpoints as lists show them, and the descent of the policies in them. */
import { basename } from 'node:path'
import type { CheckpointsOfRun, ImportedCheckpoint, LineageNode } from '../api/contract.ts'
import { checkpointCard, resultsOf } from '../export/checkpoint-card.ts'
import {
  CHECKPOINT_EXTENSIONS,
  checkpointFile,
  checkpointFileName,
  type CheckpointFormat,
} from '../export/checkpoint.ts'
import { weightsSha256 } from '../store/checkpoint/weights.ts'
import { sha256 } from '../store/sha256.ts'
import type { CheckpointRow, Run, Store } from '../store/store.ts'
import { InvalidRequest } from './invalid-request.ts'
import { fileName, printable } from './run-name.ts'

/** A drawing of more would help nobody. */
const MOST_DESCENDANTS = 40

const MEDIA_TYPES: Readonly<Record<CheckpointFormat, string>> = {
  safetensors: 'application/octet-stream',
  json: 'application/json',
  onnx: 'application/octet-stream',
  tfjs: 'application/zip',
}

/** A finished run's newest state may be a milestone as well: then it is shown once, as the milestone, which stays. */
export function withoutTwins(rows: readonly CheckpointRow[]): CheckpointRow[] {
  const milestones = new Set(
    rows.filter(({ kind }) => kind === 'milestone').map(({ run, sha256 }) => `${run} ${sha256}`),
  )
  return rows.filter(({ kind, run, sha256 }) => kind !== 'last' || !milestones.has(`${run} ${sha256}`))
}

export function checkpointsOfRun(store: Store, id: string): CheckpointsOfRun {
  const run = store.run(id)
  const checkpoints = withoutTwins(store.checkpoints(id)).toReversed()
  return {
    checkpoints: checkpoints.map((row) => {
      const results = resultsOf(store, run, row.iteration)
      return { ...shownCheckpoint(store, row), return: results?.return ?? null, cost: results?.cost ?? null }
    }),
    ...lineageOf(store, run, checkpoints),
  }
}

const shown = ({ id, kind, iteration, envSteps, sha256, size, createdAt }: CheckpointRow) => {
  return { id, kind, iteration, envSteps, sha256, size, createdAt }
}

/** By the hash of the bytes that they are in. */
const weightsOf = new Map<string, string>()

export function shownCheckpoint(store: Store, row: CheckpointRow) {
  const known = weightsOf.get(row.sha256)
  const weights = known ?? weightsSha256(store.readCheckpoint(row.id))
  weightsOf.set(row.sha256, weights)
  return { ...shown(row), weights }
}

function lineageOf(store: Store, run: Run, checkpoints: readonly CheckpointRow[]) {
  const newest = checkpoints.at(-1)
  // Ancestors are the same for every state of a run.
  const ancestors = newest === undefined ? [] : checkpointCard(store, newest, store.readCheckpoint(newest.id)).lineage
  const here = new Set(store.runs().map(({ id }) => id))
  const lineage: LineageNode[] = ancestors.map(({ run: ancestor, name, method }, i) => ({
    run: here.has(ancestor) ? ancestor : null,
    ...{ name, kind: 'train' as const, method, self: false },
    parent: i === 0 ? null : i - 1,
    iteration: ancestors[i - 1]?.iteration ?? null,
  }))
  const { id, name, kind, method } = run
  lineage.push({
    ...{ run: id, name, kind, method, self: true },
    parent: ancestors.length === 0 ? null : ancestors.length - 1,
    iteration: ancestors.at(-1)?.iteration ?? null,
  })
  const seen = new Set([id])
  let more = 0
  for (let at = ancestors.length; at < lineage.length; at++) {
    const parent = lineage[at]!.run!
    const states = new Map(store.checkpoints(parent).map((row) => [row.id, row.iteration]))
    for (const child of store.children(parent)) {
      if (seen.has(child.id)) continue
      seen.add(child.id)
      if (lineage.length - ancestors.length > MOST_DESCENDANTS) {
        more += 1
        continue
      }
      const { kind: childKind, method: childMethod, parentCheckpoint } = store.run(child.id)
      const starts = [parentCheckpoint, ...store.initialisations(child.id).map(({ checkpoint }) => checkpoint)]
      const start = starts.find((one) => one !== null && states.has(one)) ?? null
      lineage.push({
        ...{ run: child.id, name: child.name, kind: childKind, method: childMethod, self: false, parent: at },
        iteration: start === null ? null : states.get(start)!,
      })
    }
  }
  return { lineage, more }
}

/** Newest first. */
export function importedCheckpoints(store: Store): ImportedCheckpoint[] {
  return store
    .checkpoints()
    .filter(({ run }) => run === null)
    .map((row) => {
      const { config } = store.readCheckpoint(row.id)
      const card = store.checkpointCard(row.id)
      return {
        ...shown(row),
        source: fileName(row.source ?? row.id),
        world: config.environment.world,
        algorithm: config.inner.algorithm,
        costLimit: config.costLimit,
        method: config.method,
        config,
        run: card?.run ?? null,
        results: card?.results ?? null,
        lineage: card?.lineage.map(({ name }) => name) ?? [],
      }
    })
}

export function exportedCheckpoint(store: Store, id: string, format: CheckpointFormat) {
  const name = checkpointFileName(store.checkpoint(id), format)
  const bytes = new Uint8Array(checkpointFile(store, id, format))
  return { name, type: MEDIA_TYPES[format], bytes, sha256: sha256(bytes) }
}

/** @param name of the file; its folder is nobody's business */
export function importUploadedCheckpoint(store: Store, name: string, bytes: Uint8Array) {
  const file = basename(name.replaceAll('\\', '/'))
  if (!file.toLowerCase().endsWith(CHECKPOINT_EXTENSIONS.safetensors))
    throw new InvalidRequest(
      `${printable(file)} is no checkpoint file: its name does not end with ${CHECKPOINT_EXTENSIONS.safetensors}.`,
    )
  const before = new Set(store.checkpoints().map(({ id }) => id))
  const { id, run } = store.importCheckpoint(bytes, printable(file))
  return { checkpoint: id, run, known: before.has(id) }
}

/** Takes it out of sight; returns since when (ms). */
export function removeImportedCheckpoint(store: Store, id: string): number {
  if (store.checkpoint(id).run !== null) throw new InvalidRequest('A checkpoint of a run goes with its run.')
  return store.removeCheckpoint(id)
}
