// What sections and settings are called on a form, where the words of their key would not do.

/** Headings by the path of the section; `''` is the run itself. */
export const SECTION_TITLES: Readonly<Record<string, string>> = {
  '': 'Run',
  environment: 'Environment',
  tasks: 'Tasks',
  policy: 'Policy',
  advantage: 'Advantages',
  inner: 'Inner loop and step',
  'inner.multiplier': 'Task multiplier λₚ',
  critics: 'Critics',
  meta: 'Outer loop',
  'meta.lambda': 'Meta multiplier λ',
  'meta.eta': 'Safety multiplier η',
  preTraining: 'Pre-training',
  'preTraining.lambda': 'Pre-training λ',
  fineTune: 'Fine-tuning',
}

/** By path, else by the last key. */
const LABELS: Readonly<Record<string, string>> = {
  costLimit: 'Cost limit d',
  milestoneEvery: 'Milestone every',
  recordEvery: 'Record episodes every',
  recordTasks: 'Tasks recorded',
  vasesConstrained: 'Vases cost',
  trainingFrom: 'First training seed',
  trainingTo: 'Last training seed',
  heldOutFrom: 'First held-out seed',
  heldOutTo: 'Last held-out seed',
  arcDegrees: 'Goal arc',
  hidden: 'Hidden layers',
  initialLogStd: 'Initial log std',
  minLogStd: 'Least log std',
  maxLogStd: 'Greatest log std',
  gamma: 'Discount γ',
  gaeReward: 'GAE λ of rewards',
  gaeCost: 'GAE λ of costs',
  warmUpEpochs: 'Warm-up epochs',
  conjugateGradientSteps: 'Conjugate-gradient steps',
  'inner.steps': 'Adaptation steps K',
  kl: 'KL bound',
  gradientRate: 'Gradient step α',
  pcpoProjection: 'PCPO projection',
  l2: 'L2 penalty',
  'meta.iterations': 'Meta-iterations N',
  'meta.tasksPerIteration': 'Tasks per iteration B',
  finalKlShare: 'Final share of the KL bound',
  'meta.step': 'Natural step',
  'meta.rate': 'Outer step β',
  adamRate: 'Adam step',
  proportional: 'Proportional gain',
  derivative: 'Derivative gain',
  includeLogStd: 'Changes the log std',
  weight: 'Safety weight W',
  initialMultiplier: 'Initial λₚ',
  carryMultiplier: 'Start from the trained λ',
}

/** What a setting is called on a form: `meta.fisherStride` is `Fisher stride`. */
export function labelOf(path: string): string {
  const key = path.slice(path.lastIndexOf('.') + 1)
  return LABELS[path] ?? LABELS[key] ?? inWords(key)
}

const inWords = (key: string): string => {
  const words = key.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
  return words.charAt(0).toUpperCase() + words.slice(1).replace('fisher', 'Fisher')
}
