import { expect, it } from 'vitest'
import { formatDate } from '../../../src/renderer/format/times.ts'
import { runLabel } from '../../../src/renderer/runs/run-label.ts'

it.each([
  ['C-MAML', 'C-MAML · seed 1'],
  ['C-MAML, seed 1', 'C-MAML, seed 1'],
  ['C-MAML, seed 12', 'C-MAML, seed 12 · seed 1'],
])('a run called %s is told from others by its seed and date', (name, shown) => {
  const createdAt = Date.UTC(2026, 10, 23)
  expect(runLabel({ name, seed: 1, createdAt })).toBe(`${shown} · ${formatDate(createdAt)}`)
})
