import type { Command } from 'commander'
import { describeSettings, type SettingDescription } from '../../../core/config/describe.ts'
import { didYouMean } from '../../../core/text/near-miss.ts'
import { listPresets } from '../../services/configuration.ts'
import { InvalidRequest } from '../../services/invalid-request.ts'
import { createCommand, outputOf, type CommonOptions } from '../command.ts'

export function settingsCommand(): Command {
  return createCommand('settings [prefix]', 'Every setting of a run: default, unit, what is allowed, and its source.')
    .addHelpText('after', '\nA prefix narrows the list, e.g. cmaml settings meta.eta')
    .action((prefix: string | undefined, options: CommonOptions) => {
      const all = describeSettings()
      const chosen = all.filter(({ path }) => !prefix || path === prefix || path.startsWith(`${prefix}.`))
      if (chosen.length === 0) {
        const known = all.flatMap(({ path }) => path.split('.').map((_, i, keys) => keys.slice(0, i + 1).join('.')))
        throw new InvalidRequest(`There is no setting ${prefix}.${didYouMean(prefix!, known)}`)
      }
      outputOf(options).result(chosen, () => chosen.map(described).join('\n\n') + presets())
    })
}

function described({ path, help, unit, allowed, source, default: value }: SettingDescription): string {
  const facts = [`default ${JSON.stringify(value)}`, allowed, ...(unit ? [unit] : [])]
  return `${path}\n  ${help}\n  ${facts.join('; ')}\n  source: ${source}`
}

const presets = () =>
  `\n\nPresets: ${listPresets()
    .map(({ name, description }) => `\n  ${name}: ${description}`)
    .join('')}`
