import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Command } from 'commander'
import { resourcesFolder } from '../../resources.ts'
import { createCommand, type CommonOptions } from '../command.ts'

export function benchCommand(): Command {
  return createCommand(
    'bench [names...]',
    'Measure this machine: simulator, learner, meta-training, each beside its baseline.',
  ).action(async (names: string[], { json }: CommonOptions) => {
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
}
