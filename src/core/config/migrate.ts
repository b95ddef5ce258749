// Configurations of older versions of this program, as stored with runs and checkpoints, in today's form. A migration
// states every value that did not exist before as it behaved then: today's defaults may be others.
type Settings = Record<string, unknown>

const isObject = (value: unknown): value is Settings =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const section = (config: Settings, name: string): Settings => {
  const value = config[name]
  return isObject(value) ? value : {}
}

/** Version 1 knew one inner algorithm, one outer rule, gradient steps of the multipliers, and no pre-training. */
function fromVersion1(config: Settings): Settings {
  const { multiplierRate, multiplierCap, multiplierViolationCap, ...inner } = section(config, 'inner')
  const meta = section(config, 'meta')
  const gradient = { update: 'gradient', proportional: 0.02, derivative: 0.01, smoothing: 0.5 }
  return {
    ...config,
    schemaVersion: 2,
    method: 'meta',
    inner: {
      ...inner,
      gradientRate: 0.1,
      trunkRate: 1,
      headRate: 1,
      constraintUnit: 'per-step',
      pcpoProjection: 'kl',
      multiplier: {
        ...gradient,
        ...(multiplierRate === undefined ? {} : { rate: multiplierRate }),
        ...(multiplierCap === undefined ? {} : { cap: multiplierCap }),
        ...(multiplierViolationCap === undefined ? {} : { violationCap: multiplierViolationCap }),
      },
    },
    meta: {
      ...meta,
      optimiser: 'natural',
      adamRate: 1e-3,
      limitShare: 1,
      lambda: { mode: 'adaptive', signal: 'rollout', ...gradient, ...section(meta, 'lambda') },
      // Its mode and signal were settings already.
      eta: { ...gradient, ...section(meta, 'eta') },
      critic: 'regression',
      criticRate: 1,
    },
    // Nothing of it was ever used by such a run.
    preTraining: {
      iterations: 300,
      layouts: 'tasks',
      tasksPerIteration: 20,
      episodes: 5,
      costWindow: 1,
      kl: 0.04,
      conjugateGradientSteps: 10,
      damping: 0.2,
      fisherStride: 4,
      criticEpochs: 5,
      criticLearningRate: 1e-3,
      lambda: { mode: 'adaptive', initial: 0.3, ...gradient, rate: 0.003, cap: 2, violationCap: 5 },
    },
    fineTune: { ...section(config, 'fineTune'), algorithm: 'inner', carryMultiplier: false },
  }
}

/** Version 2 recorded no episodes on the way. */
const fromVersion2 = (config: Settings): Settings => ({ recordEvery: 0, recordTasks: 2, ...config, schemaVersion: 3 })

/** Version 3 knew one engine. */
const fromVersion3 = (config: Settings): Settings => ({ engine: 'simd', ...config, schemaVersion: 4 })

/** By the version that they start from. */
const MIGRATIONS: ReadonlyMap<unknown, (config: Settings) => Settings> = new Map([
  [1, fromVersion1],
  [2, fromVersion2],
  [3, fromVersion3],
])

/**
 * Brings a stored configuration to the newest version, one version after the other; anything else is returned as it
 * is, for the schema to judge.
 */
export function migrateConfig(input: unknown): unknown {
  let config = input
  while (isObject(config)) {
    const migrate = MIGRATIONS.get(config['schemaVersion'])
    if (!migrate) return config
    config = migrate(config)
  }
  return config
}
