import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Command } from 'commander'
import { didYouMean } from '../../../core/text/near-miss.ts'
import { resourcesFolder } from '../../resources.ts'
import { InvalidRequest } from '../../services/invalid-request.ts'
import { createCommand, type CommonOptions } from '../command.ts'
import { benchEnginesCommand } from './bench-engines.ts'

/** The benchmarks of bench/main.ts. */
export const BENCHMARKS = ['simulator', 'trpo-update', 'training', 'physics-equivalence'] as const

export function benchCommand(): Command {
  const command = createCommand(
    'bench [names...]',
    'Measure this machine: simulator, learner, meta-training, each beside its baseline.',
  )
    .addHelpText('after', `\nNames: ${BENCHMARKS.join(', ')}; without one, all but the last (about ten minutes).`)
    .action(async (names: string[], { json }: CommonOptions) => {
      for (const name of names)
        if (!BENCHMARKS.some((known) => known === name))
          throw new InvalidRequest(
            `There is no benchmark "${name}"; there are ${BENCHMARKS.join(', ')}.${didYouMean(name, BENCHMARKS)}`,
          )
      // Benchmarks belong to the sources: an installed package has none.
      const entry = join(dirname(resourcesFolder()), 'bench', 'main.ts')
      if (!existsSync(entry)) throw new Error('The benchmarks are only in a checkout of the sources (folder bench/).')
      const child = spawn(process.execPath, [entry, ...names, ...(json ? ['--json'] : [])], { stdio: 'inherit' })
      const code = await new Promise<number | null>((resolve, reject) => {
        child.on('error', reject)
        child.on('exit', resolve)
      })
      if (code !== 0) throw new Error(`The benchmarks ended with exit code ${code}.`)
    })
  command.addCommand(benchEnginesCommand())
  return command
}
