// Which settings a run does not use, by its other settings: a training and the fine-tuning that follows it (docs/method.md).
// Every rule is read off the code that uses the setting, which its comment names.
import type { RunConfig } from '../settings.ts'

/** One rule. Settings that no rule names are always used. */
export interface Dependency {
  /** Fields, or sections with all that is in them. */
  readonly settings: readonly string[]
  /** The fields that decide. */
  readonly on: readonly string[]
  /** Why the settings are not used, e.g. `not used by cpo`; null where they are. */
  unused(config: RunConfig): string | null
}

type Algorithm = RunConfig['inner']['algorithm']

const isMeta = ({ method }: RunConfig): boolean => method === 'meta'
const fineTunes = ({ fineTune }: RunConfig): boolean => fineTune.tasks > 0 && fineTune.steps > 0
const FINE_TUNES = ['fineTune.tasks', 'fineTune.steps']

const fineTuneAlgorithm = ({ inner, fineTune }: RunConfig): Algorithm =>
  fineTune.algorithm === 'inner' ? inner.algorithm : fineTune.algorithm

/** Policy steps that training and fine-tuning take. */
const algorithmsOf = (config: RunConfig): Algorithm[] => [
  ...new Set([config.inner.algorithm, ...(fineTunes(config) ? [fineTuneAlgorithm(config)] : [])]),
]
const ALGORITHMS_OF = ['inner.algorithm', 'fineTune.algorithm', ...FINE_TUNES]

/** Policy steps of adaptation, with the inner loop's own trust region: pre-training has one of its own. */
const adaptingBy = (config: RunConfig): Algorithm[] =>
  isMeta(config) ? algorithmsOf(config) : fineTunes(config) ? [fineTuneAlgorithm(config)] : []
const ADAPTING_BY = ['method', ...ALGORITHMS_OF]

const usesMultiplier = (algorithm: Algorithm): boolean => algorithm === 'trpo-lag' || algorithm === 'gradient'
const isConstrained = (algorithm: Algorithm): boolean => algorithm === 'cpo' || algorithm === 'pcpo'
const isTrustRegion = (algorithm: Algorithm): boolean => algorithm !== 'gradient'

const notUsedBy = (algorithms: readonly Algorithm[]): string =>
  algorithms.length === 0 ? 'not used without fine-tuning' : `not used by ${algorithms.join(' and ')}`

/** Used as soon as one of the policy steps uses it. */
const needs = (algorithms: readonly Algorithm[], uses: (algorithm: Algorithm) => boolean): string | null =>
  algorithms.some(uses) ? null : notUsedBy(algorithms)

/** Whether fine-tuning begins with the lambda that was trained (src/core/study/fine-tune.ts). */
const carriesLambda = (config: RunConfig): boolean =>
  fineTunes(config) && config.fineTune.carryMultiplier && usesMultiplier(fineTuneAlgorithm(config))
const CARRIES_LAMBDA = ['fineTune.carryMultiplier', ...ALGORITHMS_OF]

/** Whether anything feels the lambda that training moves: the outer gradient, the inner loop, or fine-tuning. */
const lambdaMatters = (config: RunConfig): boolean =>
  (isMeta(config) && config.meta.outerRule !== 'reptile') ||
  usesMultiplier(config.inner.algorithm) ||
  carriesLambda(config)
const LAMBDA_MATTERS = ['method', 'meta.outerRule', ...CARRIES_LAMBDA]

const whereNot = (used: boolean, reason: string): string | null => (used ? null : reason)

/** Within a multiplier that lives as long as a run (src/core/rl/multiplier.ts). */
function lastingMultiplier(path: string, of: (config: RunConfig) => RunConfig['preTraining']['lambda']): Dependency[] {
  const mode = `${path}.mode`
  const name = path.slice(path.lastIndexOf('.') + 1)
  return [
    {
      settings: [`${path}.initial`],
      on: [mode],
      unused: (config) => whereNot(of(config).mode !== 'off', `not used: ${name} is off`),
    },
    {
      settings: ['update', 'rate', 'cap', 'violationCap'].map((key) => `${path}.${key}`),
      on: [mode],
      unused: (config) => whereNot(of(config).mode === 'adaptive', `not used: ${name} is ${of(config).mode}`),
    },
    {
      settings: controllerGains(path),
      on: [mode, `${path}.update`],
      unused: (config) =>
        of(config).mode === 'adaptive'
          ? whereNot(of(config).update === 'pid', `not used by ${of(config).update} updates`)
          : `not used: ${name} is ${of(config).mode}`,
    },
  ]
}

const controllerGains = (path: string): string[] =>
  ['proportional', 'derivative', 'smoothing'].map((key) => `${path}.${key}`)

/** Rules of the method and of the policy step (src/core/rl/policy-step.ts). */
const policyStep: readonly Dependency[] = [
  {
    settings: ['inner.steps', 'inner.episodes'],
    on: ['method'],
    unused: (config) => whereNot(isMeta(config), 'not used by pre-training'),
  },
  {
    settings: ['inner.kl'],
    on: [...ADAPTING_BY, 'meta.outerRule', 'meta.eta.mode'],
    // Reptile's safety term is a step of this size (src/core/meta/outer-step.ts).
    unused: (config) =>
      isMeta(config) && config.meta.outerRule === 'reptile' && config.meta.eta.mode !== 'off'
        ? null
        : needs(adaptingBy(config), isTrustRegion),
  },
  {
    settings: ['inner.conjugateGradientSteps', 'inner.damping', 'inner.fisherStride'],
    on: ADAPTING_BY,
    unused: (config) => needs(adaptingBy(config), isTrustRegion),
  },
  {
    settings: ['inner.backtrackRatio'],
    on: ALGORITHMS_OF,
    unused: (config) => needs(algorithmsOf(config), isTrustRegion),
  },
  {
    settings: ['inner.gradientRate'],
    on: ALGORITHMS_OF,
    unused: (config) => needs(algorithmsOf(config), (algorithm) => algorithm === 'gradient'),
  },
  {
    settings: ['inner.constraintUnit'],
    on: ALGORITHMS_OF,
    // Only pre-training's and the adaptation's violation is in this unit (src/core/rl/adaptation.ts).
    unused: (config) => needs(algorithmsOf(config), isConstrained),
  },
  {
    settings: ['inner.pcpoProjection'],
    on: ALGORITHMS_OF,
    unused: (config) => needs(algorithmsOf(config), (algorithm) => algorithm === 'pcpo'),
  },
  {
    settings: ['inner.multiplier'],
    on: ADAPTING_BY,
    unused: (config) => needs(adaptingBy(config), usesMultiplier),
  },
  {
    settings: controllerGains('inner.multiplier'),
    on: ['inner.multiplier.update'],
    unused: ({ inner: { multiplier } }) =>
      whereNot(multiplier.update === 'pid', `not used by ${multiplier.update} updates`),
  },
  {
    // Pre-training fits its critics by settings of its own (src/core/pre-training/critics-update.ts).
    settings: ['critics.epochs', 'critics.warmUpEpochs', 'critics.learningRate'],
    on: ['method', ...FINE_TUNES],
    unused: (config) => whereNot(isMeta(config) || fineTunes(config), 'not used by pre-training without fine-tuning'),
  },
]

const OUTER_STEP = ['meta.outerRule', 'meta.optimiser']

/** Rules of the outer loop (src/core/meta/outer-step.ts, meta-critic.ts, safety-term.ts). */
const outerLoop: readonly Dependency[] = [
  {
    // All of the section but meta.limitShare, which pre-training aims at too.
    settings: [
      ...['iterations', 'tasksPerIteration', 'outerRule', 'optimiser', 'kl', 'conjugateGradientSteps', 'damping'],
      ...['fisherStride', 'finalKlShare', 'step', 'rate', 'adamRate', 'lambda', 'eta', 'critic', 'criticRate'],
      'criticEpochs',
    ].map((key) => `meta.${key}`),
    on: ['method'],
    unused: (config) => whereNot(isMeta(config), 'not used by pre-training'),
  },
  {
    settings: ['meta.kl', 'meta.finalKlShare'],
    on: ['meta.optimiser'],
    unused: ({ meta }) => whereNot(meta.optimiser === 'natural', `not used by ${meta.optimiser}`),
  },
  {
    settings: ['meta.conjugateGradientSteps', 'meta.damping', 'meta.fisherStride'],
    on: [...OUTER_STEP, 'meta.eta.mode'],
    unused({ meta }) {
      if (meta.optimiser !== 'natural') return `not used by ${meta.optimiser}`
      const needed = meta.outerRule !== 'reptile' || meta.eta.mode !== 'off'
      return whereNot(needed, 'not used by reptile without the safety term')
    },
  },
  {
    settings: ['meta.step'],
    on: OUTER_STEP,
    unused({ meta }) {
      if (meta.outerRule === 'reptile') return 'not used by reptile'
      return whereNot(meta.optimiser === 'natural', `not used by ${meta.optimiser}`)
    },
  },
  {
    settings: ['meta.rate'],
    on: [...OUTER_STEP, 'meta.step'],
    unused({ meta }) {
      if (meta.optimiser === 'adam') return 'not used by adam'
      const fills = meta.optimiser === 'natural' && meta.outerRule !== 'reptile' && meta.step === 'kl-exact'
      return whereNot(!fills, 'not used: kl-exact always takes the full KL bound')
    },
  },
  {
    settings: ['meta.adamRate'],
    on: ['meta.optimiser'],
    unused: ({ meta }) => whereNot(meta.optimiser === 'adam', `not used by ${meta.optimiser}`),
  },
  {
    settings: ['meta.limitShare'],
    on: [...LAMBDA_MATTERS, 'meta.lambda.mode', 'meta.eta.mode', 'meta.eta.onlyAboveLimit', 'preTraining.lambda.mode'],
    unused: (config) => whereNot(followsLimit(config), 'not used: nothing in this training follows the limit'),
  },
  {
    settings: ['meta.lambda'],
    on: LAMBDA_MATTERS,
    unused: (config) => whereNot(lambdaMatters(config), `not used by reptile with ${config.inner.algorithm}`),
  },
  ...lastingMultiplier('meta.lambda', ({ meta }) => meta.lambda),
  ...lastingMultiplier('meta.eta', ({ meta }) => meta.eta),
  {
    settings: ['meta.lambda.signal'],
    on: ['meta.lambda.mode'],
    unused: ({ meta }) => whereNot(meta.lambda.mode === 'adaptive', `not used: lambda is ${meta.lambda.mode}`),
  },
  {
    settings: ['meta.eta.signal'],
    on: ['meta.eta.mode'],
    unused: ({ meta }) => whereNot(meta.eta.mode === 'adaptive', `not used: eta is ${meta.eta.mode}`),
  },
  {
    settings: ['weight', 'saturating', 'onlyAboveLimit', 'includeLogStd'].map((key) => `meta.eta.${key}`),
    on: ['meta.eta.mode'],
    unused: ({ meta }) => whereNot(meta.eta.mode !== 'off', 'not used: eta is off'),
  },
  {
    settings: ['meta.criticRate'],
    on: ['meta.critic'],
    unused: ({ meta }) => whereNot(meta.critic === 'meta-gradient', 'not used by regression'),
  },
  {
    settings: ['meta.criticEpochs'],
    on: ['meta.critic'],
    unused: ({ meta }) => whereNot(meta.critic === 'regression', 'not used by the meta-gradient'),
  },
]

/** Whether training aims at the limit anywhere: a policy step's constraint, or a multiplier that is felt. */
function followsLimit(config: RunConfig): boolean {
  const { meta, preTraining, inner } = config
  if (isConstrained(inner.algorithm)) return true
  if (!isMeta(config)) return lambdaMatters(config) && preTraining.lambda.mode === 'adaptive'
  const eta = meta.eta.mode === 'adaptive' || (meta.eta.mode === 'fixed' && meta.eta.onlyAboveLimit)
  const lambda = lambdaMatters(config) && meta.lambda.mode === 'adaptive'
  return usesMultiplier(inner.algorithm) || lambda || eta
}

/** Rules of pre-training (src/core/pre-training). */
const preTraining: readonly Dependency[] = [
  {
    settings: ['preTraining'],
    on: ['method'],
    unused: (config) => whereNot(!isMeta(config), 'not used by meta-training'),
  },
  {
    settings: ['kl', 'conjugateGradientSteps', 'damping', 'fisherStride'].map((key) => `preTraining.${key}`),
    on: ['inner.algorithm'],
    unused: ({ inner }) => needs([inner.algorithm], isTrustRegion),
  },
  {
    settings: ['preTraining.costWindow'],
    on: [...LAMBDA_MATTERS, 'preTraining.lambda.mode'],
    unused: (config) =>
      whereNot(
        isConstrained(config.inner.algorithm) ||
          (lambdaMatters(config) && config.preTraining.lambda.mode === 'adaptive'),
        'not used: nothing in this training follows the cost',
      ),
  },
  {
    settings: ['preTraining.lambda'],
    on: LAMBDA_MATTERS,
    unused: (config) => whereNot(lambdaMatters(config), notUsedBy([config.inner.algorithm])),
  },
  ...lastingMultiplier('preTraining.lambda', (config) => config.preTraining.lambda),
]

const drawsTasks = (config: RunConfig): boolean => isMeta(config) || config.preTraining.layouts === 'tasks'
const DRAWS_TASKS = ['method', 'preTraining.layouts']

/** Rules of the tasks and of fine-tuning (src/core/training/tasks.ts, src/core/study/fine-tune.ts). */
const tasksAndFineTuning: readonly Dependency[] = [
  {
    settings: ['environment.vasesConstrained'],
    on: ['environment.world'],
    unused: ({ environment: { world } }) =>
      whereNot(world !== 'environment-2' && world !== 'point-goal-2', `not used: the vases of ${world} always cost`),
  },
  {
    settings: ['tasks.trainingFrom', 'tasks.trainingTo'],
    on: DRAWS_TASKS,
    unused: (config) => whereNot(drawsTasks(config), 'not used: every batch has fresh layouts'),
  },
  {
    settings: ['tasks.arcDegrees'],
    on: [...DRAWS_TASKS, 'fineTune.tasks'],
    unused: (config) =>
      whereNot(drawsTasks(config) || config.fineTune.tasks > 0, 'not used: every batch has fresh layouts'),
  },
  {
    settings: ['tasks.heldOutFrom', 'tasks.heldOutTo', 'fineTune.steps', 'fineTune.episodes'],
    on: ['fineTune.tasks'],
    unused: ({ fineTune }) => whereNot(fineTune.tasks > 0, 'not used without fine-tuning'),
  },
  {
    settings: ['fineTune.algorithm'],
    on: FINE_TUNES,
    unused: (config) => whereNot(fineTunes(config), 'not used without fine-tuning'),
  },
  {
    settings: ['fineTune.initialMultiplier', 'fineTune.carryMultiplier'],
    on: ALGORITHMS_OF,
    unused: (config) =>
      fineTunes(config) ? needs([fineTuneAlgorithm(config)], usesMultiplier) : 'not used without fine-tuning',
  },
]

export const DEPENDENCIES: readonly Dependency[] = [...policyStep, ...outerLoop, ...preTraining, ...tasksAndFineTuning]

const concerns = ({ settings }: Dependency, path: string): boolean =>
  settings.some((named) => named === path || path.startsWith(`${named}.`))

const rulesOf = new Map<string, readonly Dependency[]>()

/** Why a run with this configuration does not use a setting; null where it does. */
export function unusedReason(path: string, config: RunConfig): string | null {
  let rules = rulesOf.get(path)
  if (!rules) rulesOf.set(path, (rules = DEPENDENCIES.filter((dependency) => concerns(dependency, path))))
  for (const rule of rules) {
    const reason = rule.unused(config)
    if (reason !== null) return reason
  }
  return null
}

/** Whether a run with this configuration uses a setting. */
export const visible = (path: string, config: RunConfig): boolean => unusedReason(path, config) === null
