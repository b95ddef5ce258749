// The question of a window or an app that is closed while it computes.
import { dialog, type BrowserWindow } from 'electron'

/** What the desktop app needs to know of the work behind its window, and may ask of it. */
export interface BackgroundWork {
  /** The jobs that this program computes now. */
  running(): readonly RunningJob[]
  /** Starts nothing more and stops every job after its present iteration; resolves when all have ended and are stored. */
  stopAll(): Promise<void>
  /** The same at once: iterations in progress are lost, what was committed stays. */
  abortAll(): Promise<void>
  /** Starts jobs again after it was told to start none. */
  goOn(): Promise<void>
  /** `listener` hears true when the first job begins and false when the last one has ended. */
  onBusy(listener: (busy: boolean) => void): void
  onEnded(listener: (job: EndedJob) => void): void
}

export interface RunningJob {
  readonly name: string
  /** Iterations, or whatever the job counts. */
  readonly done: number
  readonly total: number
}

export interface EndedJob {
  readonly name: string
  readonly how: 'done' | 'stopped' | 'failed'
  /** Why it failed, in words. */
  readonly reason: string | null
  /** Id of the run that a person wants to see next. */
  readonly run: string | null
}

/** `background` goes on without a window, `stop` after the present iteration, `abort` at once. */
export type LeaveAnswer = 'background' | 'stop' | 'abort' | 'cancel'

/** @param stopping whether the jobs have been asked to stop already */
export async function askHowToLeave(
  jobs: readonly RunningJob[],
  stopping: boolean,
  window: BrowserWindow | undefined,
): Promise<LeaveAnswer> {
  const choices: readonly { readonly answer: LeaveAnswer; readonly label: string }[] = stopping
    ? [
        { answer: 'cancel', label: 'Wait' },
        { answer: 'abort', label: 'Stop Now' },
      ]
    : [
        { answer: 'background', label: 'Keep Training in the Background' },
        { answer: 'stop', label: 'Stop After This Iteration' },
        { answer: 'cancel', label: 'Cancel' },
      ]
  const options = {
    type: 'question' as const,
    title: 'C-MAML Studio',
    message: stopping ? `${subject(jobs)} still finishing an iteration.` : `${subject(jobs)} still training.`,
    detail: stopping
      ? 'Stopping now loses the iteration in progress; all earlier ones are saved.'
      : `${jobs.map(({ name, done, total }) => `${name}: ${done} of ${total}`).join('\n')}\n\n` +
        'In the background it goes on without a window; start C-MAML Studio again to come back. ' +
        'What is stopped can be resumed.',
    buttons: choices.map(({ label }) => label),
    defaultId: 0,
    cancelId: choices.findIndex(({ answer }) => answer === 'cancel'),
    noLink: true,
  }
  const { response } = window ? await dialog.showMessageBox(window, options) : await dialog.showMessageBox(options)
  return choices[response]?.answer ?? 'cancel'
}

function subject([first, ...others]: readonly RunningJob[]): string {
  return first && others.length === 0 ? `${first.name} is` : `${others.length + 1} jobs are`
}
