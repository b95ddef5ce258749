// Answers the contract. A handler only translates; the work is in the services.
import { app } from './handlers/app.ts'
import { database, demonstration } from './handlers/database.ts'
import { os } from './handlers/implement.ts'
import { jobs } from './handlers/jobs.ts'
import { metrics } from './handlers/metrics.ts'
import { runs } from './handlers/runs.ts'

export const router = os.router({ app, runs, metrics, jobs, database, demonstration })
