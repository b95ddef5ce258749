import type { Migration } from '../migrate.ts'
import { runs } from './2026-11-22-01-runs.ts'
import { checkpoints } from './2026-11-22-02-checkpoints.ts'
import { iterations } from './2026-11-22-03-iterations.ts'
import { fineTuning } from './2026-11-22-04-fine-tuning.ts'
import { episodes } from './2026-11-22-05-episodes.ts'
import { tasks } from './2026-11-22-06-tasks.ts'
import { constraintRecords } from './2026-11-22-07-constraint-records.ts'
import { trainingMethods } from './2026-11-22-08-training-methods.ts'
import { bundles } from './2026-11-22-09-bundles.ts'
import { organisation } from './2026-11-22-10-organisation.ts'
import { jobs } from './2026-11-22-11-jobs.ts'
import { listEpoch } from './2026-11-23-12-list-epoch.ts'
import { fineTuningJobs } from './2026-11-23-13-fine-tuning-jobs.ts'
import { comparisons } from './2026-11-23-14-comparisons.ts'
import { checkpointCards } from './2026-11-23-15-checkpoint-cards.ts'
import { recordedEpisodes } from './2026-11-23-16-recorded-episodes.ts'
import { removedCheckpoints } from './2026-11-23-17-removed-checkpoints.ts'
import { fineTuningResults } from './2026-11-23-18-fine-tuning-results.ts'
import { newestCheckpoints } from './2026-11-23-19-newest-checkpoints.ts'
import { binAndNotes } from './2026-11-23-20-bin-and-notes.ts'
import { episodesOfFiles } from './2026-11-23-21-episodes-of-files.ts'

/** In the order in which they apply; their number is the database's `user_version`. */
export const migrations: readonly Migration[] = [
  runs,
  checkpoints,
  iterations,
  fineTuning,
  episodes,
  tasks,
  constraintRecords,
  trainingMethods,
  bundles,
  organisation,
  jobs,
  listEpoch,
  fineTuningJobs,
  comparisons,
  checkpointCards,
  recordedEpisodes,
  removedCheckpoints,
  fineTuningResults,
  newestCheckpoints,
  binAndNotes,
  episodesOfFiles,
]
