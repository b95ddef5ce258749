// What runs found on single tasks, across runs; those in the bin are left out.
import { read, type Connection } from './transaction.ts'

/** The tasks of runs of one kind, and how many runs have exactly these. */
export interface UsedTasks {
  readonly world: string
  readonly vasesConstrained: boolean
  readonly trainingFrom: number
  readonly trainingTo: number
  readonly heldOutFrom: number
  readonly heldOutTo: number
  readonly arcDegrees: number
  readonly runs: number
}

/** One initialisation of a fine-tuning, before and after adaptation to the task. */
export interface TaskFineTuning {
  readonly run: string
  readonly name: string
  /** Index as declared. */
  readonly initialisation: number
  readonly costLimit: number
  readonly vasesConstrained: boolean
  /** Adaptation steps behind the values after. */
  readonly steps: number
  readonly returnBefore: number
  readonly costBefore: number
  readonly returnAfter: number
  readonly costAfter: number
}

/** A training that met the task; means over the newest iterations that did. */
export interface TaskTraining {
  readonly run: string
  readonly name: string
  readonly costLimit: number
  readonly vasesConstrained: boolean
  /** Iterations behind the means. */
  readonly iterations: number
  /** Adaptation steps behind the values after; 0 where the method does not adapt. */
  readonly steps: number
  readonly returnBefore: number
  readonly costBefore: number
  readonly returnAfter: number
  readonly costAfter: number
}

export interface TaskEpisode {
  readonly id: number
  readonly run: string
  readonly name: string
  /** null: a policy of training. */
  readonly initialisation: number | null
  readonly iteration: number
  readonly step: number
  readonly episode: number
  readonly return: number
  readonly cost: number
  readonly length: number
}

export interface TaskResults {
  readonly fineTunings: readonly TaskFineTuning[]
  readonly trainings: readonly TaskTraining[]
  readonly episodes: readonly TaskEpisode[]
}

/** Of each kind at most so many are answered: the newest. */
const MOST_RESULTS = 500
const MOST_TRAININGS = 100
/** A training's task is looked for in so many of its newest iterations: one look-up each. */
const NEWEST_ITERATIONS = 200

export function usedTasks(connection: Connection): UsedTasks[] {
  return read(connection, () => {
    const rows = connection
      .prepare(
        `SELECT world, config ->> '$.environment.vasesConstrained' AS vasesConstrained,
           config ->> '$.tasks.trainingFrom' AS trainingFrom, config ->> '$.tasks.trainingTo' AS trainingTo,
           config ->> '$.tasks.heldOutFrom' AS heldOutFrom, config ->> '$.tasks.heldOutTo' AS heldOutTo,
           config ->> '$.tasks.arcDegrees' AS arcDegrees, count(*) AS runs
         FROM runs WHERE binned_at IS NULL GROUP BY 1, 2, 3, 4, 5, 6, 7 ORDER BY runs DESC, world`,
      )
      .all() as (Omit<UsedTasks, 'vasesConstrained'> & { readonly vasesConstrained: 0 | 1 | null })[]
    return rows.map((row) => ({ ...row, vasesConstrained: row.vasesConstrained === 1 }))
  })
}

const VALUES = `
  first.episode_return AS returnBefore, first.episode_cost AS costBefore,
  adapted.episode_return AS returnAfter, adapted.episode_cost AS costAfter`

const VASES = "config ->> '$.environment.vasesConstrained' AS vasesConstrained"

const FINE_TUNINGS = `
  SELECT runs.id AS run, runs.name, position AS initialisation, cost_limit AS costLimit, ${VASES},
    adapted.step AS steps, ${VALUES}
  FROM runs
  JOIN initialisations ON initialisations.run = runs.key
  JOIN fine_tune_steps AS first
    ON first.run = runs.key AND first.initialisation = position AND first.task = @task AND first.step = 0
  JOIN fine_tune_steps AS adapted
    ON adapted.run = runs.key AND adapted.initialisation = position AND adapted.task = @task
      AND adapted.step = (
        SELECT max(step) FROM fine_tune_steps
        WHERE fine_tune_steps.run = runs.key AND initialisation = position AND task = @task)
  WHERE world = @world AND binned_at IS NULL
  ORDER BY runs.key DESC, position LIMIT ${MOST_RESULTS}`

const TRAININGS = `
  WITH trainings AS (
    SELECT key, id, name, cost_limit, done, ${VASES} FROM runs
    WHERE kind = 'train' AND world = @world AND binned_at IS NULL AND done > 0
    ORDER BY key DESC LIMIT ${MOST_TRAININGS}),
  met AS (
    SELECT trainings.key, task_steps.iteration, min(step) AS first_step, max(step) AS last_step
    FROM trainings
    JOIN iterations ON iterations.run = trainings.key AND iterations.iteration > done - ${NEWEST_ITERATIONS}
    CROSS JOIN task_steps
      ON task_steps.run = trainings.key AND task_steps.iteration = iterations.iteration AND task = @task
    GROUP BY trainings.key, task_steps.iteration)
  SELECT id AS run, name, cost_limit AS costLimit, vasesConstrained, count(*) AS iterations, max(last_step) AS steps,
    avg(first.episode_return) AS returnBefore, avg(first.episode_cost) AS costBefore,
    avg(adapted.episode_return) AS returnAfter, avg(adapted.episode_cost) AS costAfter
  FROM met JOIN trainings USING (key)
  JOIN task_steps AS first
    ON first.run = met.key AND first.iteration = met.iteration AND first.task = @task AND first.step = first_step
  JOIN task_steps AS adapted
    ON adapted.run = met.key AND adapted.iteration = met.iteration AND adapted.task = @task AND adapted.step = last_step
  GROUP BY met.key ORDER BY met.key DESC`

const EPISODES = `
  SELECT episodes.key AS id, runs.id AS run, runs.name, nullif(initialisation, -1) AS initialisation, iteration, step,
    episode, episode_return AS "return", episode_cost AS cost, episode_length AS length
  FROM episodes JOIN runs ON runs.key = episodes.run
  WHERE task = @task AND world = @world AND binned_at IS NULL AND removed_at IS NULL
  ORDER BY runs.key DESC, initialisation, iteration, step, episode LIMIT ${MOST_RESULTS}`

type Stored<T extends { readonly vasesConstrained: boolean }> = Omit<T, 'vasesConstrained'> & {
  readonly vasesConstrained: 0 | 1 | null
}

/** @param world as runs name it in `environment.world` */
export function taskResults(connection: Connection, world: string, task: number): TaskResults {
  return read(connection, () => {
    const all = (sql: string) => connection.prepare(sql).all({ world, task })
    return {
      fineTunings: (all(FINE_TUNINGS) as Stored<TaskFineTuning>[]).map(withFlag),
      trainings: (all(TRAININGS) as Stored<TaskTraining>[]).map(withFlag),
      episodes: all(EPISODES) as TaskEpisode[],
    }
  })
}

const withFlag = <T extends { readonly vasesConstrained: 0 | 1 | null }>(row: T) => ({
  ...row,
  vasesConstrained: row.vasesConstrained === 1,
})
