// A main process with work of which the test decides when it begins and ends; the rest is the app's own. It starts from
// its sources under the stand-in, and uses the built preload script and page.
import { fileURLToPath } from 'node:url'
import type { BackgroundWork, EndedJob, RunningJob } from '../../src/main/app/close-dialog.ts'
import { runDesktop } from '../../src/main/app/desktop.ts'
import { createMenuCommands } from '../../src/main/app/menu-commands.ts'

export interface TestedWork {
  begin(job: RunningJob): void
  end(ended: EndedJob): void
  /** What the app asked the work to do. */
  asked: ('stop' | 'abort' | 'go on')[]
}

const jobs: RunningJob[] = []
const busyListeners: ((busy: boolean) => void)[] = []
const endListeners: ((job: EndedJob) => void)[] = []
let ended = () => {}

const tested: TestedWork = {
  asked: [],
  begin(job) {
    jobs.push(job)
    if (jobs.length === 1) busyListeners.forEach((hear) => hear(true))
  },
  end(job) {
    jobs.splice(0, 1)
    endListeners.forEach((hear) => hear(job))
    if (jobs.length === 0) busyListeners.forEach((hear) => hear(false))
    ended()
  },
}

const untilEnded = (asked: 'stop' | 'abort') => {
  tested.asked.push(asked)
  return new Promise<void>((resolve) => (ended = resolve))
}
const work: BackgroundWork = {
  running: () => jobs,
  stopAll: () => untilEnded('stop'),
  abortAll: () => untilEnded('abort'),
  goOn: async () => void tested.asked.push('go on'),
  onBusy: (listener) => void busyListeners.push(listener),
  onEnded: (listener) => void endListeners.push(listener),
}
const menuCommands = createMenuCommands()

async function printCommands(): Promise<void> {
  for await (const { command, argument } of menuCommands.follow(new AbortController().signal))
    console.log(`Command: ${[command, argument].filter(Boolean).join(' ')}`)
}

Object.assign(globalThis, { tested })
const built = (path: string) => fileURLToPath(new URL(`../../out/${path}`, import.meta.url))
void printCommands()
await runDesktop({
  preload: built('preload/index.cjs'),
  rendererFolder: built('renderer'),
  menuCommands,
  work,
  wantsNotifications: () => true,
  serve: () => {},
  stop: async () => console.log('Stopped in order.'),
})
