/** pytorch_trpo_update.py as a process that measures one round per request. */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { PolicyShape } from '../src/core/nn/policy.ts'
import type { Phases } from './trpo-update.ts'

export interface PytorchUpdate {
  readonly version: string
  round(): Promise<Phases>
  stop(): void
}

/** @param python an interpreter with torch; without one there is nothing to compare with */
export async function startPytorch(
  python: string | undefined,
  rows: number,
  policy: PolicyShape,
): Promise<PytorchUpdate | undefined> {
  if (!python) return undefined
  const script = fileURLToPath(new URL('pytorch_trpo_update.py', import.meta.url))
  const sizes = [rows, policy.observationSize, policy.actionSize, policy.hidden[0]!, policy.hidden.length]
  const child = spawn(python, [script, ...sizes.map(String)], { stdio: ['pipe', 'pipe', 'inherit'] })
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const answer = async (): Promise<unknown> => {
    const { value, done } = await answers.next()
    if (done) throw new Error(`${python} ended before it answered; does it have torch?`)
    return JSON.parse(value)
  }
  const { version } = (await answer()) as { version: string }
  return {
    version,
    round() {
      child.stdin.write('round\n')
      return answer() as Promise<Phases>
    },
    stop: () => child.stdin.end(),
  }
}
