import { powerSaveBlocker } from 'electron'

/** Keeps the system from sleeping while `busy`; the display may go dark. */
export function createSleepBlocker(): (busy: boolean) => void {
  let blocker: number | undefined
  return (busy) => {
    if (busy && blocker === undefined) blocker = powerSaveBlocker.start('prevent-app-suspension')
    if (!busy && blocker !== undefined) {
      powerSaveBlocker.stop(blocker)
      blocker = undefined
    }
  }
}
