// Questions about the engines that compute updates: what there is, how fast it is, installing more.
import { eventIterator, oc } from '@orpc/contract'
import { z } from 'zod'
import type { EnginesState } from '../../services/engines/keeper.ts'
import { measurementSchema, TRIABLE } from '../../services/engines/timings-file.ts'
import { ENGINE_KINDS } from '../../trainer/engines/parts.ts'

export type { EnginesState, InstallState } from '../../services/engines/keeper.ts'
export type { EngineRow } from '../../services/engines/list-engines.ts'
export type { EngineMeasurement } from '../../services/engines/timings-file.ts'
export type { EngineKind } from '../../trainer/engines/parts.ts'

const name = z.enum(TRIABLE)
const kind = z.enum(ENGINE_KINDS)
const problem = z.object({ width: z.number(), rows: z.number(), tasks: z.number() })

export const enginesState = z.object({
  machine: measurementSchema.shape.machine,
  engines: z
    .array(
      z.object({
        name,
        available: z.boolean(),
        tried: z.boolean(),
        problem: z.string().nullable(),
        device: z.string().nullable(),
        versions: z.record(z.string(), z.string()),
        installs: z.array(z.object({ kind, device: z.string() })).readonly(),
      }),
    )
    .readonly(),
  measurement: measurementSchema.nullable(),
  measurementProblem: z.string().nullable(),
  measuring: z
    .object({
      done: z.number(),
      total: z.number(),
      remaining: z.number(),
      engine: name,
      problem: problem.nullable(),
      background: z.boolean(),
    })
    .nullable(),
  installing: z
    .object({
      kind,
      step: z.enum(['start', 'download', 'unpack', 'compile', 'check']),
      what: z.string(),
      received: z.number().nullable(),
      total: z.number().nullable(),
    })
    .nullable(),
  installProblem: z.object({ kind, problems: z.array(z.string()).readonly() }).nullable(),
}) satisfies z.ZodType<EnginesState>

export const enginesContract = {
  /** The state now, and whenever it changes. */
  watch: oc.output(eventIterator(enginesState.extend({ cursor: z.number() }))),
  /** Begins; `watch` says how it goes. */
  measure: oc.output(z.void()),
  cancelMeasurement: oc.output(z.void()),
  install: oc.input(z.object({ kind })).output(z.void()),
  cancelInstallation: oc.output(z.void()),
}
