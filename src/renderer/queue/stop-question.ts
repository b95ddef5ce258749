import type { Question } from '../stores/dialogs.ts'

/** Asked before something is stopped in the middle of an iteration. */
export const stopQuestion = (name: string): Question => ({
  title: `Stop ${name} now?`,
  text: 'The iteration in progress is lost. All before it is saved, and the run can be resumed.',
  confirm: 'Stop now',
  danger: true,
})
