import type { RunRow } from '../../../src/main/api/contract.ts'
import { runRow } from '../../core/runs/run-row.ts'

/** A row as the machine sends it. */
export const row = (changes: Partial<RunRow> = {}): RunRow => ({
  ...(runRow() as RunRow),
  startedAt: Date.UTC(2026, 10, 1, 12),
  etaSeconds: null,
  reason: null,
  pinned: false,
  tags: [],
  ...changes,
})
