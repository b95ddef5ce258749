// The descent of policies as lines of a tree.
import type { LineageNode } from '../../main/api/contract.ts'

export interface LineageLine extends LineageNode {
  /** Generations since the first. */
  readonly depth: number
  readonly what: string
}

/** Depth first: all that descends from a run comes before its next sibling. */
export function lineageLines(nodes: readonly LineageNode[]): LineageLine[] {
  const children = Map.groupBy(nodes.keys(), (i) => nodes[i]!.parent)
  const lines: LineageLine[] = []
  const add = (index: number, depth: number): void => {
    const node = nodes[index]!
    lines.push({ ...node, depth, what: whatOf(node) })
    for (const child of children.get(index) ?? []) add(child, depth + 1)
  }
  for (const first of children.get(null) ?? []) add(first, 0)
  return lines
}

function whatOf({ kind, method }: LineageNode): string {
  if (kind === 'fine-tune') return 'fine-tuned'
  return method === 'pre-train' ? 'pre-trained' : 'meta-trained'
}
