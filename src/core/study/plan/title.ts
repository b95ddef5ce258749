/** What a planned study is called: by what it does under its settings, which need not be what the paper did. */
import type { RunConfig } from '../../config/settings.ts'
import { ALGORITHM_NAMES, fineTuningAlgorithm } from './fine-tuning-algorithm.ts'
import type { PaperStudy } from './studies.ts'

export interface TitledPlan {
  readonly study: PaperStudy
  readonly config: RunConfig
  readonly arms: readonly { readonly id: string; readonly label: string }[]
  readonly tasks: readonly number[]
}

export function studyTitle(plan: TitledPlan): string {
  const { study } = plan
  switch (study.kind) {
    case 'adaptation':
      return initialisations(plan)
    case 'adaptation-over-seeds':
      return `${initialisations(plan)}: spread over seeds`
    case 'ablation':
      return `${ablation(plan)}: meta-training and fine-tuning`
    case 'trajectories':
      return rollouts(plan)
    case 'layouts':
      return study.title
  }
}

/** Where a title names no environment, it is Environment 2, as in the paper. */
function initialisations({ study, config, arms }: TitledPlan): string {
  const where = study.world === 'environment-1' ? 'Environment 1: ' : ''
  const count = `${inWords(arms.length)} initialisation${arms.length === 1 ? '' : 's'}`
  const name = ALGORITHM_NAMES[fineTuningAlgorithm({ config })]
  const how = config.fineTune.steps === 0 ? 'without adaptation' : `fine-tuned by ${name}`
  return capitalised(`${where}${count}, ${how}`)
}

function ablation({ config, arms }: TitledPlan): string {
  const ids = arms.map(({ id }) => id)
  if (ids.length === 2 && ids.includes('c-maml') && ids.includes('c-maml-no-eta'))
    return `Safety multiplier eta, ${config.meta.eta.mode} against 0`
  return arms.length <= MOST_NAMED
    ? listed(arms.map(({ label }) => label))
    : capitalised(`${inWords(arms.length)} initialisations`)
}

function rollouts({ config, tasks }: TitledPlan): string {
  const named = tasks.length <= MOST_NAMED ? ` ${listed(tasks.map(String))}` : ''
  const which = named === '' ? `${tasks.length} tasks` : `task${tasks.length === 1 ? '' : 's'}${named}`
  return `Rollouts on ${which} ${config.fineTune.steps === 0 ? 'without adaptation' : 'before and after adaptation'}`
}

/** More are counted instead. */
const MOST_NAMED = 3

const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join() : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`

const inWords = (count: number): string =>
  ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight'][count] ?? String(count)
const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
