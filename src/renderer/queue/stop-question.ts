import type { Question } from '../stores/dialogs.ts'

/**
 * Asked before something is stopped in the middle of an iteration.
 *
 * @param hasEnded whether there is nothing left to stop
 */
export const stopQuestion = (name: string, hasEnded: () => boolean): Question => ({
  isMoot: hasEnded,
  title: `Stop ${name} now?`,
  text: 'The iteration in progress is lost. All before it is saved, and the run can be resumed.',
  confirm: 'Stop now',
  danger: true,
})
