/** Questions that no screen answers, to begin with. */
export interface Example {
  readonly title: string
  readonly sql: string
}

export const EXAMPLES: readonly Example[] = [
  {
    title: 'Best run of each algorithm within its cost limit',
    // SQLite: beside max(), the other columns are those of the row that has the maximum.
    sql: `SELECT algorithm, name, id, seed, max(best_return) AS best_return, best_cost, cost_limit
FROM runs
WHERE kind = 'train' AND binned_at IS NULL AND best_return IS NOT NULL
GROUP BY algorithm
ORDER BY best_return DESC`,
  },
  {
    title: 'Mean over seeds by world, method and algorithm',
    sql: `SELECT world, method, algorithm, count(*) AS runs,
  avg(last_return) AS mean_return, avg(last_cost) AS mean_cost,
  sum(last_cost <= cost_limit) AS within_limit
FROM runs
WHERE kind = 'train' AND status = 'completed' AND binned_at IS NULL
GROUP BY world, method, algorithm
ORDER BY world, mean_return DESC`,
  },
  {
    title: 'Last value of every metric of the newest run',
    sql: `SELECT metric_names.name AS metric, metrics.iteration, metrics.value
FROM runs
JOIN metrics ON metrics.run = runs.key AND metrics.iteration = runs.done
JOIN metric_names ON metric_names.key = metrics.metric
WHERE runs.key = (SELECT key FROM runs WHERE kind = 'train' ORDER BY created_at DESC LIMIT 1)
ORDER BY metric`,
  },
  {
    title: 'Cost spent in training, and how often the limit was exceeded',
    sql: `SELECT runs.name, runs.id, runs.cost_limit,
  sum(task_steps.episode_cost * task_steps.episodes) AS cost_spent,
  100.0 * avg(task_steps.episode_cost > runs.cost_limit) AS percent_over
FROM runs JOIN task_steps ON task_steps.run = runs.key
WHERE runs.binned_at IS NULL
GROUP BY runs.key
ORDER BY cost_spent DESC`,
  },
  {
    title: 'Fine-tuning by initialisation and step',
    sql: `SELECT runs.name, initialisations.label AS initialisation, step, count(*) AS tasks,
  avg(episode_return) AS mean_return, avg(episode_cost) AS mean_cost,
  100.0 * avg(episode_cost <= runs.cost_limit) AS percent_feasible
FROM fine_tune_steps
JOIN runs ON runs.key = fine_tune_steps.run
JOIN initialisations
  ON initialisations.run = runs.key AND initialisations.position = fine_tune_steps.initialisation
GROUP BY runs.key, initialisations.position, step
ORDER BY runs.created_at DESC, initialisations.position, step`,
  },
  {
    title: 'A setting beside the result',
    sql: `SELECT name, config ->> '$.inner.kl' AS inner_kl, config ->> '$.meta.kl' AS meta_kl,
  last_return, last_cost, datetime(created_at / 1000, 'unixepoch', 'localtime') AS created
FROM runs
WHERE kind = 'train' AND binned_at IS NULL
ORDER BY created_at DESC`,
  },
  {
    title: 'Why runs failed',
    sql: `SELECT reason, count(*) AS runs, max(name) AS example
FROM runs
WHERE status = 'failed'
GROUP BY reason
ORDER BY runs DESC`,
  },
  {
    title: 'Disk taken by the checkpoints of each run',
    sql: `SELECT runs.name, runs.id, count(*) AS checkpoints, sum(length(blobs.data)) AS bytes
FROM runs
JOIN checkpoints ON checkpoints.run = runs.key
JOIN blobs ON blobs.sha256 = checkpoints.sha256
GROUP BY runs.key
ORDER BY bytes DESC`,
  },
]
