/** Tasks from above: figures 7, 8 and 12 (layouts) and 9 (trajectories). */
import type { RunConfig } from '../../config/settings.ts'
import { sampleTask, sampleTasks, type Task } from '../../env/tasks.ts'
import { withVasesConstrained, worlds, type World } from '../../env/world.ts'
import type { Figure, LayoutsPanel, PathsPanel } from '../figure-data.ts'
import type { StudyPlan } from '../plan/plan.ts'
import { scaleOf } from '../plan/scales.ts'
import type { StudyData } from '../study-data.ts'
import { counted, partial, rounded, smoke, trainingBudgets } from './caption.ts'

/** More maps than this would not be read; the other tasks are in the data. */
const MOST_TASKS_WITH_PATHS = 4

type PaperWorld = 'environment-1' | 'environment-2'

export interface WorldTasks {
  readonly world: World
  readonly tasks: readonly Task[]
}

/** The world of a configuration with its own rule of whether vases cost. */
function costingWorld(name: RunConfig['environment']['world'], { environment }: RunConfig): World {
  const world = worlds[name]
  return environment.vasesConstrained ? withVasesConstrained(world, true) : world
}

/** The tasks of the plan's kind in either environment of the paper; the plan's own where it is that of the plan. */
export function tasksOf(plan: StudyPlan, name: PaperWorld): WorldTasks {
  const { config } = plan
  const world = costingWorld(name, config)
  if (name === config.environment.world || plan.taskSet === 'named')
    return { world, tasks: plan.tasks.map((seed) => sampleTask(world, seed)) }
  const { trainingFrom, trainingTo, heldOutFrom, heldOutTo, arcDegrees } = config.tasks
  const range =
    plan.taskSet === 'training' ? { from: trainingFrom, to: trainingTo } : { from: heldOutFrom, to: heldOutTo }
  return { world, tasks: sampleTasks(world, { ...range, arcDegrees }).slice(0, scaleOf(plan.scale).tasks) }
}

/** Figure 12 shows one task of each environment, `tasks` shows all (figures 7 and 8). */
export function layoutFigures({ plan }: StudyData): Figure[] {
  const [first, second] = [tasksOf(plan, 'environment-1'), tasksOf(plan, 'environment-2')]
  if (plan.id === 'tasks')
    return [
      { id: 'figure-7', title: 'Tasks of Environment 1', ...allLayouts(plan, first) },
      { id: 'figure-8', title: 'Tasks of Environment 2', ...allLayouts(plan, second) },
    ]
  return [
    {
      id: plan.id,
      title: plan.study.title,
      caption: [
        ...[second, first].map(({ world, tasks }) => `${world.title}: seed ${tasks[0]?.seed ?? '(no task)'}.`),
        ...smoke(plan),
      ].join(' '),
      panels: [layoutsPanel(second, 1), layoutsPanel(first, 1)],
    },
  ]
}

function allLayouts(plan: StudyPlan, { world, tasks }: WorldTasks): Pick<Figure, 'caption' | 'panels'> {
  const { trainingFrom, trainingTo, heldOutFrom, heldOutTo, arcDegrees } = plan.config.tasks
  const from = plan.taskSet === 'training' ? `${trainingFrom} to ${trainingTo}` : `${heldOutFrom} to ${heldOutTo}`
  const choice =
    plan.taskSet === 'named'
      ? 'chosen by their seeds'
      : `${plan.taskSet} tasks, the seeds ${from} whose first goal lies within an arc of ${arcDegrees} degrees about the robot's heading`
  const most = scaleOf(plan.scale).tasks
  const cut = plan.taskSet !== 'named' && most !== undefined ? [`Only the first ${most}.`] : []
  return {
    caption: [`${world.title}, N = ${counted(tasks.length, 'task')}: ${choice}.`, ...cut, ...smoke(plan)].join(' '),
    panels: [layoutsPanel({ world, tasks })],
  }
}

function layoutsPanel({ world, tasks }: WorldTasks, most = tasks.length): LayoutsPanel {
  return { kind: 'layouts', title: world.title, world, tasks: tasks.slice(0, most) }
}

/** Figure 9: one map of each task before adaptation and after its last step. */
export function trajectoriesFigure(data: StudyData): Figure {
  const { plan } = data
  const { config } = plan
  const world = costingWorld(config.environment.world, config)
  const last = config.fineTune.steps
  const seed = plan.seeds.find((one) => data.trajectories.some((path) => path.seed === one)) ?? plan.seeds[0]!
  const recorded = data.trajectories.filter((path) => path.seed === seed)
  const withPaths = plan.tasks.filter((task) => recorded.some((path) => path.task === task))
  const shown = (withPaths.length > 0 ? withPaths : plan.tasks).slice(0, MOST_TASKS_WITH_PATHS)
  const panels = shown.flatMap((task) =>
    [...new Set([0, last])].map((step): PathsPanel => ({
      kind: 'paths',
      title: `Task ${task}, ${step === 0 ? 'before adaptation' : `after ${counted(step, 'step')}`}`,
      world,
      layout: sampleTask(world, task).layout,
      paths: data.arms.flatMap(({ id, label, role }) => {
        const path = recorded.find((one) => one.arm === id && one.task === task && one.step === step)
        return path ? [{ label, role, x: path.x, y: path.y, cost: path.cost }] : []
      }),
    })),
  )
  return { id: plan.id, title: plan.study.title, caption: pathsCaption(data, shown, seed), panels, columns: 2 }
}

function pathsCaption(data: StudyData, shown: readonly number[], seed: number): string {
  const { plan } = data
  const { costLimit, environment } = plan.config
  const perStep = rounded(costLimit / environment.horizon, 4)
  const missing = data.arms.filter(({ id }) => !data.trajectories.some((path) => path.arm === id))
  return [
    `${shownTasks(plan, shown)} of ${worlds[environment.world].title}, seed ${seed}: one episode of each initialisation from the same start, actions sampled, horizon ${environment.horizon}.`,
    `Cost limit d = ${costLimit} per episode, d / T = ${perStep} per environment step.`,
    ...trainingBudgets(data.arms),
    ...(missing.length > 0 ? [`No trajectory yet: ${missing.map(({ label }) => label).join(', ')}.`] : []),
    ...partial(data),
    ...smoke(plan),
  ].join(' ')
}

function shownTasks({ tasks }: StudyPlan, shown: readonly number[]): string {
  const named = `${shown.length === 1 ? 'Task' : 'Tasks'} ${shown.join(', ')}`
  return shown.length < tasks.length ? `${named} (${shown.length} of ${tasks.length} tasks)` : named
}
