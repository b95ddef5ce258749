import type { Migration } from '../migrate.ts'

/** Fine-tuning: what a run starts from, and every policy along the adaptation of every task. */
export const fineTuning: Migration = {
  id: '2026-11-22-04-fine-tuning',
  sql: `
    CREATE TABLE initialisations (
      run INTEGER NOT NULL REFERENCES runs (key) ON DELETE CASCADE,
      position INTEGER NOT NULL,
      label TEXT NOT NULL,
      kind TEXT NOT NULL CHECK (kind IN ('random', 'checkpoint')),
      checkpoint INTEGER REFERENCES checkpoints (key) ON DELETE SET NULL,
      -- Stays when the checkpoint is deleted.
      sha256 TEXT CHECK ((kind = 'random') = (sha256 IS NULL)),
      PRIMARY KEY (run, position),
      UNIQUE (run, label)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX initialisations_by_checkpoint ON initialisations (checkpoint);

    CREATE TABLE fine_tune_steps (
      run INTEGER NOT NULL,
      initialisation INTEGER NOT NULL,
      task INTEGER NOT NULL,
      step INTEGER NOT NULL,
      episodes INTEGER NOT NULL,
      transitions INTEGER NOT NULL,
      episode_return REAL NOT NULL,
      episode_cost REAL NOT NULL,
      hazard_steps REAL NOT NULL,
      contact_steps REAL NOT NULL,
      velocity_steps REAL NOT NULL,
      goals REAL NOT NULL,
      episode_length REAL NOT NULL,
      -- What the adaptation step from this policy did; null after the last.
      multiplier REAL,
      kl REAL,
      improvement REAL,
      accepted INTEGER,
      candidates INTEGER,
      std REAL,
      reward_explained_variance REAL,
      reward_explained_variance_after REAL,
      cost_explained_variance REAL,
      cost_explained_variance_after REAL,
      PRIMARY KEY (run, initialisation, task, step),
      FOREIGN KEY (run, initialisation) REFERENCES initialisations (run, position) ON DELETE CASCADE
    ) STRICT, WITHOUT ROWID;
  `,
}
