import { execFileSync } from 'node:child_process'

/** Process ids of the trainers that this process has started and that still live. */
export function livingTrainers(): number[] {
  const rows = execFileSync('ps', ['-eo', 'pid=,ppid=,stat=,args='], { encoding: 'utf8' }).trim().split('\n')
  return rows.flatMap((row) => {
    const [pid, parent, state, ...command] = row.trim().split(/\s+/)
    const isTrainer = Number(parent) === process.pid && /trainer\/process\.ts/.test(command.join(' '))
    return isTrainer && !state!.startsWith('Z') ? [Number(pid)] : []
  })
}
