import { expect, it } from 'vitest'
import type { LineageNode } from '../../../src/main/api/contract.ts'
import { lineageLines } from '../../../src/renderer/checkpoints/lineage.ts'

const node = (name: string, parent: number | null, more: Partial<LineageNode> = {}): LineageNode => ({
  ...{ run: name, name, kind: 'train', method: 'meta', parent, iteration: null, self: false },
  ...more,
})

it('puts every descendant under its parent, with its generation and how it was trained', () => {
  const nodes = [
    node('a', null, { method: 'pre-train' }),
    node('b', 0, { self: true }),
    node('c', 1),
    node('d', 1, { kind: 'fine-tune', method: null }),
    node('e', 2, { kind: 'fine-tune', method: null }),
  ]
  expect(lineageLines(nodes).map(({ name, depth, what }) => [name, depth, what])).toEqual([
    ['a', 0, 'pre-trained'],
    ['b', 1, 'meta-trained'],
    ['c', 2, 'meta-trained'],
    ['e', 3, 'fine-tuned'],
    ['d', 2, 'fine-tuned'],
  ])
})
