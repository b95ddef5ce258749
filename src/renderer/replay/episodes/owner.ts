// Whose policies, as a list of choices names them: a run, or a checkpoint that came as a file.
export interface Owner {
  /** Empty where it is a file's, or where none is chosen. */
  readonly run: string
  /** An imported checkpoint, where there is no run. */
  readonly checkpoint: string
}

/** Before the id of an imported checkpoint: ids of runs have no space. */
const IMPORTED = 'imported '

/** Empty where none is chosen. */
export const ownerValue = ({ run, checkpoint }: Owner): string =>
  run === '' && checkpoint !== '' ? `${IMPORTED}${checkpoint}` : run

export const readOwner = (value: string): Owner =>
  value.startsWith(IMPORTED) ? { run: '', checkpoint: value.slice(IMPORTED.length) } : { run: value, checkpoint: '' }
