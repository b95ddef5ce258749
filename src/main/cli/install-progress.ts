import type { InstallProgress } from '../trainer/engines/install.ts'
import { formatMegabytes } from './table.ts'

/** Says how an installation goes: a line per step, and per tenth of a large download. */
export function installProgress(say: (line: string) => void): (progress: InstallProgress) => void {
  let last = ''
  return (progress) => {
    const line = progressText(progress)
    if (line !== last) say(line)
    last = line
  }
}

export function progressText(progress: InstallProgress): string {
  const { step, what } = progress
  if (progress.step !== 'download' || !progress.total) return `${step}: ${what}`
  const tenth = Math.floor((10 * progress.received) / progress.total)
  return `${step}: ${what}, ${tenth * 10} % of ${formatMegabytes(progress.total)}`
}
