// What checkpoints are called, wherever they are listed.
import type { ListedCheckpoint } from '../../main/api/contract.ts'

export const CHECKPOINT_KINDS: Readonly<Record<ListedCheckpoint['kind'], string>> = {
  milestone: 'milestone',
  last: 'newest',
  imported: 'imported',
}

export const WEIGHTS_HELP = 'SHA-256 of the policy and its scaling: the same in exported and imported files'
