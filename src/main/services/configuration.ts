/** From what a person names or writes to a validated configuration. */
import { existsSync, readdirSync } from 'node:fs'
import { basename, extname, join } from 'node:path'
import { describeSettings } from '../../core/config/describe.ts'
import { applyAssignments, ConfigError, parseRunConfig, type SettingProblem } from '../../core/config/parse.ts'
import type { RunConfig } from '../../core/config/settings.ts'
import { didYouMean, nearMiss } from '../../core/text/near-miss.ts'
import { resourcesFolder } from '../resources.ts'
import { InvalidRequest } from './invalid-request.ts'
import { readJsonFile } from './json-file.ts'

export interface Preset {
  readonly name: string
  readonly description: string
}

/** A preset or a configuration file before its settings are checked. */
export interface ConfigurationSource extends Preset {
  readonly settings: Readonly<Record<string, unknown>>
}

const presetsFolder = () => join(resourcesFolder(), 'presets')

/** In folders below the others, named with them: `omnisafe/cpo`. */
export function listPresets(): Preset[] {
  return readdirSync(presetsFolder(), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length).replaceAll('\\', '/'))
    .sort((a, b) => Number(a.includes('/')) - Number(b.includes('/')) || a.localeCompare(b))
    .map((name) => ({ name, description: readSource(join(presetsFolder(), `${name}.json`)).description }))
}

/** A preset by name, else a JSON file by path. */
export function loadConfigurationSource(presetOrFile: string): ConfigurationSource {
  const names = listPresets().map(({ name }) => name)
  if (names.includes(presetOrFile))
    return { ...readSource(join(presetsFolder(), `${presetOrFile}.json`)), name: presetOrFile }
  if (existsSync(presetOrFile)) return readSource(presetOrFile)
  throw new InvalidRequest(
    `"${presetOrFile}" is neither a preset nor a file. Presets: ${names.join(', ')}.${didYouMean(presetOrFile, names)}`,
  )
}

function readSource(file: string): ConfigurationSource {
  const parsed = readJsonFile(file)
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw new InvalidRequest(`${file} must hold one JSON object of settings`)
  const { description = '', ...settings } = parsed as Record<string, unknown>
  if (typeof description !== 'string') throw new InvalidRequest(`${file}: description must be a text`)
  return { name: basename(file, extname(file)), description, settings }
}

/** Applies `key=value` assignments, later ones winning, and validates; problems say what to do instead, where that can be known. */
export function resolveConfiguration(
  source: Pick<ConfigurationSource, 'settings'>,
  assignments: readonly string[],
): RunConfig {
  try {
    return parseRunConfig(applyAssignments(source.settings, assignments))
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    throw new ConfigError(error.problems.map(withAdvice))
  }
}

function withAdvice(problem: SettingProblem): SettingProblem {
  const { path, message } = problem
  const advice = path === null ? '' : adviceOn(path, message)
  return advice === '' ? problem : { path, message: message + advice }
}

function adviceOn(path: string, message: string): string {
  const allowedHere = /is not a setting; allowed here: (.+)$/.exec(message)?.[1]
  if (allowedHere !== undefined) return suggestion(path, allowedHere.split(', '))
  if (path === 'costLimit' && NO_LIMIT.test(message))
    return '; for no limit use inner.algorithm=trpo or the preset maml'
  if (!message.includes('; allowed: a list of: ')) return ''
  const example = describeSettings().find((setting) => setting.path === path)?.default
  return example === undefined ? '' : `; e.g. ${path}=${JSON.stringify(example)}`
}

const NO_LIMIT = /is "?\s*\+?(inf(inity)?|1e\d{3,})\s*"?;/i

/** Only a neighbour in the same section: what is far away in the tree is seldom meant, however alike it is spelt. */
function suggestion(path: string, neighbours: readonly string[]): string {
  const section = path.slice(0, path.lastIndexOf('.') + 1)
  const meant = nearMiss(path.slice(section.length), neighbours)
  return meant === undefined ? '' : `. Did you mean "${section}${meant}"?`
}
