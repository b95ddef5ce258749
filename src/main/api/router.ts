// Answers the contract. A handler only translates; the work is in the services.
import { app } from './handlers/app.ts'
import { bin } from './handlers/bin.ts'
import { checkpoints } from './handlers/checkpoints.ts'
import { comparisons } from './handlers/comparisons.ts'
import { database, demonstration } from './handlers/database.ts'
import { engines } from './handlers/engines.ts'
import { episodes } from './handlers/episodes.ts'
import { os } from './handlers/implement.ts'
import { jobs } from './handlers/jobs.ts'
import { metrics } from './handlers/metrics.ts'
import { runs } from './handlers/runs.ts'
import { tasks } from './handlers/tasks.ts'

export const router = os.router({
  app,
  runs,
  bin,
  metrics,
  tasks,
  episodes,
  checkpoints,
  comparisons,
  jobs,
  engines,
  database,
  demonstration,
})
