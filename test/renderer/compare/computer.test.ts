// Node has no workers of the web's kind: this one keeps every message for the test, which answers as the thread would.
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Cube } from '../../../src/core/study/comparison/cube.ts'
import { startComputer, type Computer } from '../../../src/renderer/compare/computer.ts'
import type { FromWorker, ToWorker } from '../../../src/renderer/compare/worker-messages.ts'

const ALL = { hidden: [], tasks: 'all' } as const
const HELD_OUT = { hidden: [], tasks: 'held-out' } as const

let thread: EventTarget
let asked: Extract<ToWorker, { readonly kind: 'compute' }>[]
let computer: Computer

beforeEach(() => {
  asked = []
  vi.stubGlobal('Worker', function Worker() {
    thread = new EventTarget()
    const postMessage = (message: ToWorker) => void (message.kind === 'compute' && asked.push(message))
    return Object.assign(thread, { postMessage, terminate: () => {} })
  })
  computer = startComputer({ initialisations: [], replicates: [], tasks: [], steps: 1 } as unknown as Cube)
})
afterEach(() => void vi.unstubAllGlobals())

const names = () => asked.map(({ name }) => name)
function answer(): void {
  const data: FromWorker = { id: asked.at(-1)!.id, result: asked.at(-1)!.name }
  thread.dispatchEvent(Object.assign(new Event('message'), { data }))
}

it('asks one question at a time: the figure first, then the panel that came into view last', async () => {
  const first = computer.compute(ALL, 'costTables')
  void computer.compute(ALL, 'violations')
  void computer.compute(ALL, 'profiles', 'return', 'mean')
  void computer.compute(ALL, 'feasibleShares')
  expect(names()).toEqual(['costTables'])
  for (let i = 0; i < 3; i++) answer()
  expect(names()).toEqual(['costTables', 'feasibleShares', 'profiles', 'violations'])
  expect(await first).toBe('costTables')
})

it('does not compute what waits for a part that is no longer chosen', async () => {
  void computer.compute(ALL, 'costTables')
  const stale = computer.compute(ALL, 'violations')
  const now = computer.compute(HELD_OUT, 'violations')
  await expect(stale).rejects.toThrow(/Another part was chosen/)
  answer()
  answer()
  expect(asked.map(({ name, choice }) => [name, choice.tasks])).toEqual([
    ['costTables', 'all'],
    ['violations', 'held-out'],
  ])
  expect(await now).toBe('violations')
  // Chosen again, it is computed after all.
  void computer.compute(ALL, 'violations')
  expect(asked.at(-1)!.choice.tasks).toBe('all')
})
