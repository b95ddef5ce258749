import { z } from 'zod'
import { describeAllowed } from './allowed.ts'
import { runConfigSchema, type RunConfig } from './settings.ts'
import { unwrap } from './setting.ts'
import { nearMiss } from '../text/near-miss.ts'

/** Why a configuration cannot be used. */
export interface SettingProblem {
  /** Dotted path of what is wrong; null where it is no one setting's. */
  readonly path: string | null
  /** Names the field, its value and what is allowed. */
  readonly message: string
}

/** A configuration that cannot be used, problem by problem. */
export class ConfigError extends Error {
  readonly problems: readonly SettingProblem[]

  /** @param problems one in words alone is no one setting's */
  constructor(problems: readonly (SettingProblem | string)[]) {
    const told = problems.map((problem) => (typeof problem === 'string' ? { path: null, message: problem } : problem))
    super(told.map(({ message }) => message).join('\n'))
    this.name = 'ConfigError'
    this.problems = told
  }
}

/** Parses a configuration from outside; missing settings take their defaults, unknown keys are errors. */
export function parseRunConfig(input: unknown): RunConfig {
  const parsed = runConfigSchema.safeParse(input)
  if (!parsed.success) throw new ConfigError(parsed.error.issues.flatMap((issue) => describeIssue(issue, input)))
  const config = parsed.data
  const problems = [...crossChecks(config)]
  if (problems.length > 0) throw new ConfigError(problems)
  return config
}

/** Applies `key.path=value` assignments, e.g. `meta.eta.cap=1`, to an unparsed configuration. */
export function applyAssignments(input: unknown, assignments: readonly string[]): unknown {
  const result = structuredClone(input ?? {}) as Record<string, unknown>
  for (const assignment of assignments) {
    const at = assignment.indexOf('=')
    if (at <= 0) throw new ConfigError([`"${assignment}" is not of the form key=value, e.g. inner.kl=0.04`])
    const path = assignment.slice(0, at).split('.')
    let node = result
    for (const key of path.slice(0, -1)) {
      if (!Object.hasOwn(node, key) || typeof node[key] !== 'object' || node[key] === null) define(node, key, {})
      node = node[key] as Record<string, unknown>
    }
    define(node, path.at(-1)!, parseScalar(assignment.slice(at + 1)))
  }
  return result
}

/** An own property whatever its name; plain assignment to `__proto__` would reach the prototype. */
function define(node: object, key: string, value: unknown): void {
  Object.defineProperty(node, key, { value, writable: true, enumerable: true, configurable: true })
}

function parseScalar(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text // a bare word is a string: --set environment.goal=visible
  }
}

/** A problem whose words follow the name of the setting. */
const about = (path: string, words: string): SettingProblem => ({ path, message: `${path} ${words}` })

function* crossChecks(config: RunConfig): Generator<SettingProblem> {
  const { tasks, policy, meta, inner, preTraining } = config
  const { trainingFrom, trainingTo, heldOutFrom, heldOutTo } = tasks
  if (trainingFrom > trainingTo)
    yield about('tasks.trainingFrom', `is ${trainingFrom}, but must be at most tasks.trainingTo (${trainingTo})`)
  if (heldOutFrom > heldOutTo)
    yield about('tasks.heldOutFrom', `is ${heldOutFrom}, but must be at most tasks.heldOutTo (${heldOutTo})`)
  if (heldOutFrom <= trainingTo && heldOutTo >= trainingFrom)
    yield {
      path: 'tasks.heldOutFrom',
      message:
        `tasks.heldOutFrom..heldOutTo (${heldOutFrom}..${heldOutTo}) overlaps the training seeds ` +
        `(${trainingFrom}..${trainingTo}), but held-out tasks must not be trained on`,
    }
  const { minLogStd, maxLogStd } = policy
  if (minLogStd > maxLogStd)
    yield about('policy.minLogStd', `is ${minLogStd}, but must be at most policy.maxLogStd (${maxLogStd})`)
  const multipliers = { 'meta.lambda': meta.lambda, 'meta.eta': meta.eta, 'preTraining.lambda': preTraining.lambda }
  for (const [name, { initial, cap }] of Object.entries(multipliers))
    if (initial > cap) yield about(`${name}.initial`, `is ${initial}, but must be at most ${name}.cap (${cap})`)
  if (meta.outerRule === 'reptile' && meta.optimiser !== 'natural')
    yield about(
      'meta.optimiser',
      `is ${meta.optimiser}, but must be natural under meta.outerRule reptile (its direction is a ` +
        'displacement, the safety term beside it a gradient: only the natural step brings them to one unit)',
    )
  if (meta.outerRule === 'maml') {
    if (inner.algorithm !== 'gradient')
      yield about(
        'meta.outerRule',
        `is maml, but inner.algorithm is ${inner.algorithm}; allowed: gradient (a trust-region step has no ` +
          'derivative of the form I + alpha H; fomaml and reptile need none)',
      )
    for (const rate of ['trunkRate', 'headRate'] as const)
      if (inner[rate] !== 1) yield about(`inner.${rate}`, `is ${inner[rate]}, but must be 1 under meta.outerRule maml`)
  }
}

function describeIssue(issue: z.core.$ZodIssue, input: unknown): SettingProblem[] {
  if (issue.code === 'unrecognized_keys') {
    const at = schemaAt(issue.path)
    const allowed = at instanceof z.ZodObject ? Object.keys(at.shape).join(', ') : ''
    return issue.keys.map((key) => about([...issue.path, key].join('.'), `is not a setting; allowed here: ${allowed}`))
  }
  const value = issue.path.reduce<unknown>(
    (node, key) => (node as Record<PropertyKey, unknown> | undefined)?.[key],
    input,
  )
  const type = schemaAt(issue.path)
  // A refinement's own words say more than its type's bounds.
  const allowed = type && issue.code !== 'custom' ? describeAllowed(type) : issue.message
  const meant = type instanceof z.ZodEnum && typeof value === 'string' ? meantBy(value, type.options.map(String)) : ''
  const words = `is ${shown(value)}; allowed: ${allowed}${meant}`
  return [
    issue.path.length === 0 ? { path: null, message: `configuration ${words}` } : about(issue.path.join('.'), words),
  ]
}

/** Names are written out in full where the program has them short: the longest that the word begins with, else a near one. */
function meantBy(word: string, options: readonly string[]): string {
  const begins = options.filter((option) => word.toLowerCase().startsWith(option))
  const longest = begins.sort((a, b) => b.length - a.length)[0]
  const meant = longest ?? nearMiss(word, options)
  return meant === undefined ? '' : `; did you mean "${meant}"?`
}

/** As a person would have typed it; JSON has no word for what is not finite or not there. */
function shown(value: unknown): string {
  if (value === undefined) return 'missing'
  return typeof value === 'number' ? String(value) : JSON.stringify(value)
}

/** The schema under a path, without its wrappers. */
export function schemaAt(path: readonly PropertyKey[]): z.ZodType | undefined {
  let node: z.ZodType | undefined = runConfigSchema
  for (const key of path) {
    node = unwrap(node)
    if (node instanceof z.ZodArray) node = node.element as z.ZodType
    else node = node instanceof z.ZodObject ? (node.shape as Record<PropertyKey, z.ZodType>)[key] : undefined
    if (!node) return undefined
  }
  return unwrap(node)
}
