import type { Migration } from '../migrate.ts'

/**
 * What people add to runs (notes, tags, a bin), what lists show of results, a log per run, and a feed of changes: every
 * write to what lists show raises one counter, whichever process makes it, and the row keeps the counter's value.
 *
 * The triggers write `revision` only, which none of them watches, so they end whether or not triggers may recurse.
 */
export const organisation: Migration = {
  id: '2026-11-22-10-organisation',
  sql: `
    ALTER TABLE runs ADD COLUMN notes TEXT NOT NULL DEFAULT '' CHECK (length(notes) <= 100000);
    ALTER TABLE runs ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0 CHECK (pinned IN (0, 1));
    ALTER TABLE runs ADD COLUMN archived INTEGER NOT NULL DEFAULT 0 CHECK (archived IN (0, 1));
    -- Milliseconds since the Unix epoch; 0 where its deletion has begun, so that it cannot come back.
    ALTER TABLE runs ADD COLUMN binned_at INTEGER;
    -- Of the newest iteration, after adaptation where the method adapts; of a fine-tuning, means at the last step.
    ALTER TABLE runs ADD COLUMN last_return REAL;
    ALTER TABLE runs ADD COLUMN last_cost REAL;
    -- Of the iteration (of a fine-tuning: the step) of highest return among those within the cost limit.
    ALTER TABLE runs ADD COLUMN best_return REAL;
    ALTER TABLE runs ADD COLUMN best_cost REAL;
    -- Of all sessions together.
    ALTER TABLE runs ADD COLUMN active_seconds REAL NOT NULL DEFAULT 0;
    ALTER TABLE runs ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;

    CREATE TABLE run_tags (
      run INTEGER NOT NULL REFERENCES runs (key) ON DELETE CASCADE,
      tag TEXT NOT NULL CHECK (length(tag) BETWEEN 1 AND 40),
      PRIMARY KEY (run, tag)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE run_log (
      run INTEGER NOT NULL REFERENCES runs (key) ON DELETE CASCADE,
      line INTEGER NOT NULL,
      time INTEGER NOT NULL,
      level TEXT NOT NULL CHECK (level IN ('info', 'warning', 'error')),
      text TEXT NOT NULL,
      PRIMARY KEY (run, line)
    ) STRICT, WITHOUT ROWID;

    -- As metric_buckets, of 512 iterations each: charts of long runs read an eighth of the rows.
    CREATE TABLE metric_long_buckets (
      run INTEGER NOT NULL REFERENCES runs (key) ON DELETE CASCADE,
      metric INTEGER NOT NULL REFERENCES metric_names (key),
      bucket INTEGER NOT NULL,
      count INTEGER NOT NULL,
      minimum REAL NOT NULL,
      maximum REAL NOT NULL,
      total REAL NOT NULL,
      PRIMARY KEY (run, metric, bucket)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO metric_long_buckets
    SELECT run, metric, bucket / 8 AS long_bucket, sum(count), min(minimum), max(maximum), sum(total)
    FROM metric_buckets GROUP BY run, metric, long_bucket;

    WITH names AS (
      SELECT runs.key AS run, result.key AS result, cost.key AS cost
      FROM runs
      JOIN metric_names AS result ON result.name = CASE method WHEN 'meta' THEN 'returnAfter' ELSE 'returnBefore' END
      JOIN metric_names AS cost ON cost.name = CASE method WHEN 'meta' THEN 'costAfter' ELSE 'costBefore' END
      WHERE kind = 'train')
    UPDATE runs SET
      last_return = (SELECT value FROM metrics WHERE run = key AND metric = names.result AND iteration = done),
      last_cost = (SELECT value FROM metrics WHERE run = key AND metric = names.cost AND iteration = done),
      (best_return, best_cost) = (
        SELECT results.value, costs.value FROM metrics AS results
        JOIN metrics AS costs
          ON costs.run = results.run AND costs.metric = names.cost AND costs.iteration = results.iteration
        WHERE results.run = key AND results.metric = names.result AND costs.value <= cost_limit
        ORDER BY results.value DESC, results.iteration LIMIT 1),
      active_seconds = coalesce((
        SELECT sum(total) FROM metric_buckets
        WHERE run = key AND metric = (SELECT key FROM metric_names WHERE name = 'secondsTotal')), 0)
    FROM names WHERE names.run = runs.key;

    UPDATE runs SET
      (last_return, last_cost) = (
        SELECT avg(episode_return), avg(episode_cost) FROM fine_tune_steps
        WHERE run = key AND step = (SELECT max(step) FROM fine_tune_steps WHERE run = key)),
      (best_return, best_cost) = (
        SELECT avg(episode_return), avg(episode_cost) FROM fine_tune_steps WHERE run = key
        GROUP BY step HAVING avg(episode_cost) <= cost_limit ORDER BY 1 DESC LIMIT 1),
      active_seconds = max(coalesce(finished_at, heartbeat_at) - started_at, 0) / 1000.0
    WHERE kind = 'fine-tune';

    CREATE TABLE run_changes (
      only INTEGER PRIMARY KEY CHECK (only = 1),
      -- Of the newest change.
      revision INTEGER NOT NULL,
      -- Removals up to this revision are not kept any more.
      forgotten INTEGER NOT NULL
    ) STRICT;
    INSERT INTO run_changes VALUES (1, (SELECT count(*) FROM runs), 0);
    UPDATE runs SET revision = position
    FROM (SELECT key AS run, row_number() OVER (ORDER BY key) AS position FROM runs) WHERE run = key;
    CREATE INDEX runs_by_revision ON runs (revision);

    CREATE TABLE run_removals (
      revision INTEGER PRIMARY KEY,
      id TEXT NOT NULL
    ) STRICT;

    CREATE TRIGGER run_inserted AFTER INSERT ON runs BEGIN
      UPDATE run_changes SET revision = revision + 1;
      UPDATE runs SET revision = (SELECT revision FROM run_changes) WHERE key = NEW.key;
    END;
    -- All that lists and details show. Signs of life, and the time that they add up to, are not changes.
    CREATE TRIGGER run_updated AFTER UPDATE OF
      id, name, kind, status, reason, config, config_version, trainer, app_version, done, total, env_steps, created_at,
      started_at, finished_at, parent_checkpoint, tasks, source, source_sha256, source_run, left_out, notes, pinned,
      archived, binned_at, last_return, last_cost, best_return, best_cost ON runs
    BEGIN
      UPDATE run_changes SET revision = revision + 1;
      UPDATE runs SET revision = (SELECT revision FROM run_changes) WHERE key = NEW.key;
    END;
    CREATE TRIGGER run_deleted AFTER DELETE ON runs BEGIN
      UPDATE run_changes SET revision = revision + 1;
      INSERT INTO run_removals (revision, id) VALUES ((SELECT revision FROM run_changes), OLD.id);
    END;
    CREATE TRIGGER run_tagged AFTER INSERT ON run_tags BEGIN
      UPDATE run_changes SET revision = revision + 1;
      UPDATE runs SET revision = (SELECT revision FROM run_changes) WHERE key = NEW.run;
    END;
    CREATE TRIGGER run_retagged AFTER UPDATE ON run_tags BEGIN
      UPDATE run_changes SET revision = revision + 1;
      UPDATE runs SET revision = (SELECT revision FROM run_changes) WHERE key IN (OLD.run, NEW.run);
    END;
    CREATE TRIGGER run_untagged AFTER DELETE ON run_tags BEGIN
      UPDATE run_changes SET revision = revision + 1;
      UPDATE runs SET revision = (SELECT revision FROM run_changes) WHERE key = OLD.run;
    END;
  `,
}
