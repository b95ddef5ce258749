import type { Command } from 'commander'
import { sampleTasks } from '../../../core/env/tasks.ts'
import { number, seeds } from '../arguments.ts'
import { createCommand, outputOf, type CommonOptions } from '../command.ts'
import { formatTable } from '../table.ts'
import { worldOption, worldByName } from '../world-option.ts'

interface Options extends CommonOptions {
  readonly env: string
  readonly seeds?: readonly number[]
  readonly arc: number
}

const RADIANS_TO_DEGREES = 180 / Math.PI

export function tasksCommand(): Command {
  return createCommand('tasks', 'List tasks: seeds whose first goal lies within an arc around the robot’s heading.')
    .addOption(worldOption())
    .option('--seeds <list>', 'seeds to look at, e.g. 301..600 or 122,233', seeds)
    .addHelpText('after', '\nWithout --seeds: 0..300, the paper’s training seeds.')
    .option('--arc <degrees>', 'width of the arc; 360 takes every seed', number({ min: 1, max: 360 }), 140)
    .action((options: Options) => {
      const world = worldByName(options.env)
      const wanted = options.seeds ?? seeds('0..300')
      const tasks = wanted
        .flatMap((seed) => sampleTasks(world, { from: seed, to: seed, arcDegrees: options.arc }))
        .map(({ seed, goalBearing, goalDistance }) => ({
          seed,
          bearingDegrees: goalBearing * RADIANS_TO_DEGREES,
          distance: goalDistance,
        }))
      const value = { world: world.name, arcDegrees: options.arc, seeds: wanted.length, tasks }
      outputOf(options).result(value, () => {
        const columns = ['seed', 'bearing (degrees)', 'distance (m)'].map((title) => ({
          title,
          align: 'right' as const,
        }))
        const rows = tasks.map((task) => [String(task.seed), task.bearingDegrees.toFixed(1), task.distance.toFixed(2)])
        return `${formatTable(columns, rows)}\n\n${tasks.length} of ${wanted.length} seeds of ${world.title}`
      })
    })
}
