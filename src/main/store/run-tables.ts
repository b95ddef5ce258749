/** Tables whose rows belong to a run, in an order in which rows only refer to runs and to earlier tables. */
export const RUN_TABLES = [
  'checkpoints',
  'resume_states',
  'iterations',
  'metrics',
  'metric_buckets',
  'metric_long_buckets',
  'task_steps',
  'initialisations',
  'fine_tune_steps',
  'episodes',
  'run_tags',
  'run_log',
] as const
export type RunTable = (typeof RUN_TABLES)[number]
