import type { JobRow } from '../../../src/main/api/contract.ts'

export function job(id: string, state: JobRow['state'], changes: Partial<JobRow> = {}): JobRow {
  return {
    id,
    kind: 'train',
    name: id,
    state,
    reason: null,
    run: null,
    done: 0,
    total: 10,
    etaSeconds: null,
    workers: null,
    phase: null,
    queuedAt: 0,
    startedAt: null,
    finishedAt: null,
    training: null,
    goesOn: true,
    mine: false,
    ...changes,
  }
}
