import type { Command } from 'commander'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { ARM_IDS, arms } from '../../../core/study/plan/arms.ts'
import type { StudyPlan } from '../../../core/study/plan/plan.ts'
import { SCALE_NAMES, scaleOf } from '../../../core/study/plan/scales.ts'
import { STUDY_IDS, studyOf } from '../../../core/study/plan/studies.ts'
import { counted } from '../../services/conclusion.ts'
import { openDatabase } from '../../services/database.ts'
import { InvalidRequest } from '../../services/invalid-request.ts'
import { cautions, parseInits, planFromOrder, type StudyOrder } from '../../services/study/prepare.ts'
import {
  refuseMissingEngines,
  runStudy,
  studyIn,
  studyStates,
  type StudyRun,
  type UnitState,
} from '../../services/study/run-study.ts'
import { StoreError } from '../../store/errors.ts'
import type { Store } from '../../store/store.ts'
import type { EngineSetting } from '../../../core/config/engines.ts'
import {
  collect,
  engineOption,
  integer,
  names,
  seeds,
  taskSelection,
  WORKER_RANGE,
  type TaskSelection,
} from '../arguments.ts'
import { createCommand, outputOf, withDatabase, withStore, type DatabaseOptions } from '../command.ts'
import { interruptible } from '../interrupt.ts'
import type { Output } from '../output.ts'
import { studyText } from '../study-tables.ts'
import { formatNumber, formatTable } from '../table.ts'
import { watchStudy } from '../watch-study.ts'

interface Options extends DatabaseOptions {
  readonly scale: string
  readonly seeds?: readonly number[]
  readonly sweep?: readonly string[]
  readonly set?: readonly string[]
  readonly engine?: EngineSetting
  readonly tasks?: TaskSelection
  readonly arms?: readonly string[]
  readonly init?: readonly string[]
  readonly out?: string
  readonly force?: true
  readonly workers?: number
  readonly plan?: true
}

export function studyCommand(): Command {
  return withDatabase(
    createCommand('study [figure]', 'Train, fine-tune and draw a figure of the paper; alone or "list": what there is.'),
  )
    .option('--scale <size>', `one of ${SCALE_NAMES.join(', ')}`, 'small')
    .option('--seeds <list>', 'seeds of everything, e.g. 1..5 (default: those of the scale)', seeds)
    .option('--sweep <key=a,b>', 'variants of C-MAML, each an arm; repeated: all combinations', collect)
    .option('--set <key=value>', 'a setting of all trainings and fine-tunings; may be repeated', collect)
    .option(
      '--tasks <which>',
      'training (as in the paper), held-out, or seeds such as 301..320 (default: the study’s)',
      taskSelection,
    )
    .option('--arms <list>', 'initialisations, e.g. c-maml,random (default: the study’s)', names)
    .option('--init <arm=start>', 'a checkpoint, run or file instead of an arm’s trainings; may be repeated', collect)
    .option('--out <folder>', 'where figures and tables go (default: ./study-FIGURE-SCALE)')
    .option('--force', 'write into the folder whatever it holds, also the results of another order')
    .addOption(engineOption())
    .option('--workers <n>', 'task workers; all cores by default', integer(WORKER_RANGE))
    .option('--plan', 'only say what would be done, and what the database has of it')
    .addHelpText('after', `\n${listText()}\n\n${HELP}`)
    .action((figure: string | undefined, options: Options) => {
      if (figure === undefined || figure === 'list') return list(options)
      return options.plan ? showPlan(figure, options) : run(figure, options)
    })
}

const HELP = `A study has no state of its own: trainings and fine-tunings of the same settings, seed and software that the database
has already are reused, also those of other studies and of "cmaml train"; unfinished ones go on. The same command again
continues an interrupted study. Ctrl-C once stops after what is being worked on is saved; figures and tables of what
there is are written and marked as partial.

Examples:
  cmaml study figure-4 --scale smoke               seconds: shows that everything runs
  cmaml study figure-4                             small: all tasks, 3 seeds
  cmaml study figure-4 --plan                      what of it is there, what is left
  cmaml study figure-3 --seeds 1..5 --tasks held-out
  cmaml study figure-4 --arms c-maml --sweep meta.kl=0.01,0.03 --sweep meta.eta.cap=1,2
  cmaml study figure-4 --init c-maml=RUN --init pre-trained=policy.safetensors`

function list(options: Options): void {
  const value = {
    studies: STUDY_IDS.map((id) => ({ id, ...studyOf(id) })),
    scales: SCALE_NAMES.map((name) => ({ name, ...scaleOf(name) })),
    arms: ARM_IDS.map((id) => ({ id, label: arms[id].label, description: arms[id].description })),
  }
  outputOf(options).result(value, listText)
}

function listText(): string {
  const lines = (rows: readonly (readonly [string, string])[]) => {
    const width = Math.max(...rows.map(([name]) => name.length))
    return rows.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`).join('\n')
  }
  const ofStudy = (id: (typeof STUDY_IDS)[number]) => {
    const { title, world, costLimit, arms: own } = studyOf(id)
    return own.length === 0 ? `${title}.` : `${title}. ${world}, d = ${costLimit}: ${own.join(', ')}.`
  }
  return [
    `Studies:\n${lines(STUDY_IDS.map((id) => [id, ofStudy(id)]))}`,
    `Scales:\n${lines(SCALE_NAMES.map((name) => [name, scaleOf(name).description]))}`,
    `Arms:\n${lines(ARM_IDS.map((id) => [id, `${arms[id].label}: ${arms[id].description}`]))}`,
  ].join('\n\n')
}

interface Prepared {
  readonly order: StudyOrder
  readonly plan: StudyPlan
  readonly inits: ReadonlyMap<string, string>
}

/** What is wrong with the command line alone is found before a database is opened, let alone created. */
function prepare(figure: string, { scale, init, ...options }: Options): Prepared {
  const { seeds: ofStudy, sweep, tasks, arms: chosen, engine } = options
  const set = engine === undefined ? options.set : [...(options.set ?? []), `engine=${engine}`]
  const order: StudyOrder = {
    study: figure,
    scale,
    ...(ofStudy ? { seeds: ofStudy } : {}),
    ...(sweep ? { sweep } : {}),
    ...(set ? { set } : {}),
    ...(tasks === undefined ? {} : { tasks }),
    ...(chosen ? { arms: chosen } : {}),
    ...(init ? { init } : {}),
  }
  const plan = planFromOrder(order)
  return { order, plan, inits: parseInits(plan, init ?? []) }
}

async function run(figure: string, options: Options): Promise<void> {
  const output = outputOf(options)
  const { order, plan, inits } = prepare(figure, options)
  const folder = resolve(options.out ?? join('.', `study-${plan.id}-${plan.scale}`))
  const asked: StudyRun = { order, plan, inits, folder, force: options.force === true }
  // A refusal leaves no new database behind.
  const there = await openIfThere(options)
  if (there) there.close()
  else refuseMissingEngines(plan, null)
  await withStore(options, 'run', (store) =>
    interruptible(output, async (signals) => {
      const watch = watchStudy(output, plan)
      const { workers } = options
      const { written, failure } = await runStudy(
        store,
        asked,
        workers === undefined ? {} : { workers },
        signals,
        watch.listener,
      ).finally(() => watch.finish())
      report(written, store, output)
      if (failure) throw failure
    }),
  )
}

function report(written: Awaited<ReturnType<typeof runStudy>>['written'], store: Store, output: Output): void {
  const { folder, figures, tables, report: facts } = written
  const value = { type: 'result', ...facts, folder, figures, tables, database: store.file }
  output.line(value, studyText(written))
}

/** Looks only: a database that is not there is not made. */
async function showPlan(figure: string, options: Options): Promise<void> {
  const { plan, inits } = prepare(figure, options)
  const store = await openIfThere(options)
  try {
    const look = (there: Store | null) => {
      const study = there && studyIn(there, plan, inits)
      // Of what cannot be done there is no plan.
      refuseMissingEngines(plan, study)
      return studyStates(plan, study)
    }
    const units = store === null && inits.size > 0 ? await withFilesAlone(inits, look) : look(store)
    const { study, scale, taskSet, tasks, seeds: ofStudy, config } = plan
    const value = {
      study: plan.id,
      scale,
      taskSet,
      tasks,
      seeds: ofStudy,
      costLimit: config.costLimit,
      world: config.environment.world,
      units,
    }
    outputOf(options).result(value, () =>
      [
        `${plan.id}, ${scale}: ${study.title}`,
        `${config.environment.world}, d = ${config.costLimit}, ${counted(tasks.length, `${taskSet} task`)}, ` +
          `seeds ${ofStudy.join(', ')}`,
        ...cautions(plan, inits.keys()),
        ...(units.length > 0 ? ['', planTable(units)] : []),
      ].join('\n'),
    )
  } finally {
    store?.close()
  }
}

/** Checkpoint files are read into a database; where there is none, into one that nobody sees. */
async function withFilesAlone<T>(inits: ReadonlyMap<string, string>, work: (store: Store) => T): Promise<T> {
  for (const [arm, reference] of inits)
    if (!existsSync(reference))
      throw new InvalidRequest(`--init ${arm}=${reference}: this is no file, and there is no database yet.`)
  const folder = mkdtempSync(join(tmpdir(), 'cmaml-plan-'))
  try {
    const store = await openDatabase(join(folder, 'plan.sqlite'), 'write')
    try {
      return work(store)
    } finally {
      store.close()
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function openIfThere({ db }: Options): Promise<Store | null> {
  try {
    return await openDatabase(db, 'read')
  } catch (error) {
    const reason = error instanceof StoreError ? error : error instanceof Error ? error.cause : undefined
    if (reason instanceof StoreError && reason.code === 'missing') return null
    throw error
  }
}

const STATE_WORDS: Readonly<Record<UnitState['state'], string>> = {
  new: 'new',
  completed: 'reused',
  unfinished: 'goes on',
  running: 'in progress',
  waits: 'after its training',
}

function planTable(states: readonly UnitState[]): string {
  const totals = states.map(({ items, stepsPerItem, done }) => (items - done) * stepsPerItem)
  const rows = states.map(({ kind, label, seed, state, items, done, run: id }, i) => [
    kind,
    label,
    String(seed),
    STATE_WORDS[state],
    `${done}/${items}`,
    formatNumber(totals[i]!),
    id ?? '',
  ])
  const columns = [
    { title: 'work' },
    { title: 'arm' },
    { title: 'seed', align: 'right' as const },
    { title: 'state' },
    { title: 'done', align: 'right' as const },
    { title: 'env steps left, at most', align: 'right' as const },
    { title: 'run' },
  ]
  const left = totals.reduce((sum, steps) => sum + steps, 0)
  return `${formatTable(columns, rows)}\n\n${formatNumber(left)} environment steps are left at most.`
}
