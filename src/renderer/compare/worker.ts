/** Statistics of one comparison, in a thread of their own: ten thousand resamples must not stop the page. */
import type { Cube } from '../../core/study/comparison/cube.ts'
import { completePart, type ComparedPart, type PartChoice } from '../../core/study/comparison/part.ts'
import { computations } from './computations.ts'
import type { FromWorker, ToWorker } from './worker-messages.ts'

let cube: Cube | undefined
/** The part that was asked about last. */
let known: { readonly key: string; readonly part: ComparedPart } | undefined

addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
  if (data.kind === 'cube') [cube, known] = [data.cube, undefined]
  else postMessage(answer(data))
})

function answer({ id, choice, name, args }: Extract<ToWorker, { kind: 'compute' }>): FromWorker {
  try {
    const compute = computations[name] as (part: ComparedPart, ...rest: readonly unknown[]) => unknown
    return { id, result: compute(partOf(choice), ...args) }
  } catch (error) {
    return { id, problem: error instanceof Error ? error.message : String(error) }
  }
}

function partOf(choice: PartChoice): ComparedPart {
  if (cube === undefined) throw new Error('Nothing was given to be compared.')
  const key = JSON.stringify(choice)
  if (known?.key !== key) known = { key, part: completePart(cube, choice) }
  return known.part
}
