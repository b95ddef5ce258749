// The card of a checkpoint: from its run, or of an imported one from the file that it came in.
import { policyShapeOf } from '../../core/training/state.ts'
import { LIDAR_PEAK, LIDAR_STEEPNESS } from '../../core/training/scaling-coefficients.ts'
import type { RunConfig } from '../../core/config/settings.ts'
import type { CheckpointCard } from '../store/checkpoint/card.ts'
import { cardFacts } from '../store/checkpoint/checkpoint.ts'
import { printable } from '../store/printable.ts'
import type { Checkpoint, CheckpointRow, Run, Store } from '../store/store.ts'

/** Weights belong to whoever trained them. */
const LICENCE =
  'The weights are for their author to license; C-MAML Studio, which wrote this file, is under the MIT licence.'
const ACTION =
  'Draw each component from a normal distribution with this mean and the standard deviation exp(log_std); ' +
  'the environment clips it to [-1, 1].'
/** No lineage is longer; a circle, which only damage could make, would be. */
const MAX_LINEAGE = 100

export function checkpointCard(store: Store, row: CheckpointRow, checkpoint: Checkpoint): CheckpointCard {
  const { config } = checkpoint
  const run = row.run === null ? null : store.run(row.run)
  const told = run === null ? store.checkpointCard(row.id) : null
  const { observationSize, actionSize } = policyShapeOf(config)
  return {
    format: 'cmaml-card',
    version: 1,
    run: run === null ? (told?.run ?? null) : { id: run.id, name: printable(run.name) },
    ...cardFacts(checkpoint),
    lineage: run === null ? (told?.lineage ?? []) : ancestorsOf(store, run),
    results: run === null ? (told?.results ?? null) : resultsOf(store, run, row.iteration),
    observation: { size: observationSize, scaling: config.observationScaling, input: inputOf(config) },
    action: { size: actionSize, use: ACTION },
    appVersion: run?.appVersion ?? told?.appVersion ?? 'unknown',
    licence: told?.licence ?? LICENCE,
  }
}

/** Return and cost that a run recorded for one of its states; null where it kept none. */
export function resultsOf(store: Store, { id, method }: Run, iteration: number): CheckpointCard['results'] {
  const [row] = store.iterations(id, { from: iteration, to: iteration })
  if (row === undefined) return null
  const { returnBefore, costBefore, returnAfter, costAfter } = row.metrics
  const [result, cost] = method === 'meta' ? [returnAfter, costAfter] : [returnBefore, costBefore]
  return Number.isFinite(result) && Number.isFinite(cost) ? { return: result!, cost: cost! } : null
}

/** Checkpoints that led to a run, the oldest first. */
export function ancestorsOf(store: Store, run: Run): CheckpointCard['lineage'] {
  const lineage: CheckpointCard['lineage'] = []
  let { parentCheckpoint } = run
  while (parentCheckpoint !== null && lineage.length < MAX_LINEAGE) {
    const start = store.checkpoint(parentCheckpoint)
    if (start.run === null) {
      const card = store.checkpointCard(start.id)
      if (card?.run) {
        const { run: from, method, iteration } = card
        lineage.unshift(...card.lineage, { run: from.id, name: from.name, method, iteration })
      }
      break
    }
    const parent = store.run(start.run)
    const { iteration } = start
    lineage.unshift({ run: parent.id, name: printable(parent.name), method: parent.method ?? 'meta', iteration })
    ;({ parentCheckpoint } = parent)
  }
  return lineage.slice(-MAX_LINEAGE)
}

function inputOf({ observationScaling }: RunConfig): string {
  const affine = 'clip((x - scaling.offset) * scaling.gain, -scaling.limit, scaling.limit) per component'
  switch (observationScaling) {
    case 'affine':
      return `${affine}, with fixed numbers.`
    case 'running':
      return `${affine}, from the mean and variance of the observations seen in training.`
    case 'proximity':
      return `${affine}; where scaling.gain is 0 (lidar bins), ${LIDAR_PEAK} / (1 + ${LIDAR_STEEPNESS} (1 - x)) - 1 instead.`
  }
}
