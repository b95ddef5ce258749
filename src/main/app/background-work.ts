// The queue as the desktop sees it: whether something runs, how it is ended, and what has ended.
import type { JobRow } from '../api/contract.ts'
import type { JobQueue } from '../services/jobs/queue.ts'
import type { BackgroundWork } from './close-dialog.ts'

const IN_PROGRESS: readonly JobRow['state'][] = ['starting', 'running', 'stopping']

/** The jobs of this program; those of others go on without it. */
export function backgroundWork(jobs: JobQueue): BackgroundWork {
  const running = () => jobs.activity().jobs.filter(({ mine, state }) => mine && IN_PROGRESS.includes(state))
  return {
    running: () => running().map(({ name, done, total }) => ({ name, done, total })),
    stopAll: () => jobs.stopAll('iteration'),
    abortAll: () => jobs.stopAll('now'),
    goOn: () => jobs.start(),
    onBusy(listener) {
      let wasBusy = false
      jobs.onChange(() => {
        const busy = running().length > 0
        if (busy !== wasBusy) listener(busy)
        wasBusy = busy
      })
    },
    onEnded(listener) {
      jobs.onFinished(({ name, state, reason, run }) => {
        if (state === 'done' || state === 'stopped' || state === 'failed') listener({ name, how: state, reason, run })
      })
    },
  }
}
