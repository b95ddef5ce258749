import { z } from 'zod'

export const preferences = z.object({
  theme: z.enum(['light', 'dark', 'system']),
  /** Task workers of a job; null: one per core. */
  workers: z.number().int().min(1).max(512).nullable(),
  notifications: z.boolean(),
  /** Absolute path; null: the default. Takes effect at the next start. */
  databaseFile: z.string().max(4096).nullable(),
})
export type Preferences = z.infer<typeof preferences>
