import Fuse from 'fuse.js'
import type { Command } from '../stores/commands.ts'

/** The commands that a text finds, best first; without a text all of them, recent ones first, then by group. */
export function searchCommands(
  commands: readonly Command[],
  text: string,
  recent: readonly string[],
): readonly Command[] {
  const query = text.trim()
  if (query === '') return [...commands].sort((a, b) => rank(a, recent) - rank(b, recent))
  const fuse = new Fuse(commands, {
    keys: [
      { name: 'title', weight: 3 },
      { name: 'words', weight: 1 },
      { name: 'group', weight: 1 },
    ],
    threshold: 0.35,
    ignoreLocation: true,
    includeScore: true,
  })
  // Of two equally good ones the recent one.
  return fuse
    .search(query)
    .sort((a, b) => round(a.score) - round(b.score) || rank(a.item, recent) - rank(b.item, recent))
    .map(({ item }) => item)
}

function rank({ id }: Command, recent: readonly string[]): number {
  const index = recent.indexOf(id)
  return index === -1 ? recent.length : index
}

function round(score: number | undefined): number {
  return Math.round((score ?? 1) * 20)
}

/** Commands under their group's heading, groups in the order of their first command. */
export function groupCommands(commands: readonly Command[]): { group: string; commands: Command[] }[] {
  return [...Map.groupBy(commands, ({ group }) => group)].map(([group, members]) => ({ group, commands: members }))
}
