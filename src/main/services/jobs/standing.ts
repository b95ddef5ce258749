/** What a job's runs say about it, read with the list of jobs. */
import type { Store, StoredJob } from '../../store/store.ts'
import type { JobRow } from './job.ts'
import { hasMore, trainingInParts } from './work.ts'

export type Standing = Pick<JobRow, 'training' | 'goesOn'>

const NOTHING: Standing = { training: null, goesOn: false }

/** The list is read twice a second, its runs only where something has changed in the database since. */
export function createStandings() {
  let known: ReadonlyMap<string, Standing> = new Map()
  let version = ''
  return {
    of: ({ id }: StoredJob): Standing => known.get(id) ?? NOTHING,
    read(jobs: readonly StoredJob[], store: Store | null): void {
      const now = store === null ? '' : `${store.file} ${store.dataVersion()} ${JSON.stringify(jobs)}`
      if (now === version) return
      known = new Map(store === null ? [] : jobs.map((job) => [job.id, standingOf(job, store)]))
      version = now
    },
  }
}

function standingOf(job: StoredJob, store: Store): Standing {
  switch (job.state) {
    case 'starting':
    case 'running':
    case 'stopping':
      return { ...NOTHING, training: trainingInParts(job, job.run, store) }
    case 'stopped':
    case 'failed':
    case 'interrupted':
      return { ...NOTHING, goesOn: hasMore(job, store) }
    default:
      return NOTHING
  }
}
