import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { migrateConfig } from '../../../core/config/migrate.ts'
import { parseRunConfig } from '../../../core/config/parse.ts'
import { SCHEMA_VERSION } from '../../../core/config/settings.ts'
import { StoreError } from '../errors.ts'
import { isPrintable, UNPRINTABLE_TEXT } from '../printable.ts'
import type { LeftOut } from './bundle.ts'
import type { Row } from './copy.ts'

/** No owner: what process on which computer trained a run is nobody else's business. */
export const withoutOwner = (row: Row): Row => ({
  ...row,
  ...{ owner_token: '', owner_pid: 0, owner_host: '' },
  // Tags and notes tell about the run; these tell how somebody keeps a list in order.
  ...{ pinned: 0, archived: 0, binned_at: null },
  // Whoever was training it will not go on with the copy.
  ...(row['status'] === 'running' ? { status: 'stopped', finished_at: row['heartbeat_at']! } : {}),
})

const shown = z.string().refine(isPrintable, UNPRINTABLE_TEXT)

const count = z.int().min(0)
const leftOut: z.ZodType<LeftOut> = z.strictObject({
  metricsEvery: z.int().min(1),
  taskRows: count,
  milestones: count,
  episodes: count,
})

const trainer = z.looseObject({
  engine: shown,
  kernel: shown,
  multiplyAdd: z.enum(['fused', 'unfused']),
  workers: z.int().min(1),
  node: shown,
  cpu: shown,
  mujoco: shown,
  revision: z.int().min(1).optional(),
  backend: shown.optional(),
  device: shown.optional(),
  versions: z.record(shown, shown).optional(),
  blockFloats: z.int().min(1).optional(),
  changes: z.array(shown).optional(),
})

const json = <T>(schema: z.ZodType<T>) =>
  z
    .string()
    .transform((text) => JSON.parse(text) as unknown)
    .pipe(schema)

/** Beside what the tables themselves check. */
const runRow = z.looseObject({
  id: shown.min(1).max(32),
  name: shown.min(1),
  app_version: shown,
  trainer: json(trainer),
  tasks: json(z.array(count)).nullable(),
  left_out: json(leftOut).nullable(),
})

/** @throws StoreError where the row of a run is not one that this program could have written */
export function checkRunRow(row: Row, bundle: string): void {
  const version = Number(row['config_version'])
  if (version > SCHEMA_VERSION)
    throw new StoreError(
      'newer',
      `${bundle} holds settings of version ${version}, this program knows ${SCHEMA_VERSION}: use a newer version of it.`,
    )
  try {
    const config = migrateConfig(JSON.parse(String(row['config'])))
    // A gap would be filled with today's defaults, which are not what the run was made with.
    if (!isDeepStrictEqual(parseRunConfig(config), config)) throw new Error('its configuration is incomplete')
    runRow.parse(row)
  } catch (cause) {
    const reason = cause instanceof z.ZodError ? z.prettifyError(cause) : (cause as Error).message
    throw new StoreError('corrupt', `${bundle} cannot be used: its run ${JSON.stringify(row['id'])}: ${reason}`, {
      cause,
    })
  }
}
