import { z } from 'zod'
import { describeAllowed } from './allowed.ts'
import { runConfigSchema, type RunConfig } from './settings.ts'
import { unwrap } from './setting.ts'

/** A configuration that cannot be used; each problem names the field, its value and what is allowed. */
export class ConfigError extends Error {
  readonly problems: readonly string[]
  constructor(problems: readonly string[]) {
    super(problems.join('\n'))
    this.name = 'ConfigError'
    this.problems = problems
  }
}

/** Parses a configuration from outside; missing settings take their defaults, unknown keys are errors. */
export function parseRunConfig(input: unknown): RunConfig {
  const parsed = runConfigSchema.safeParse(input)
  if (!parsed.success) throw new ConfigError(parsed.error.issues.map((issue) => describeIssue(issue, input)))
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

function* crossChecks(config: RunConfig): Generator<string> {
  const { tasks, policy, meta, inner, preTraining } = config
  if (tasks.trainingFrom > tasks.trainingTo)
    yield `tasks.trainingFrom is ${tasks.trainingFrom}, but must be at most tasks.trainingTo (${tasks.trainingTo})`
  if (tasks.heldOutFrom > tasks.heldOutTo)
    yield `tasks.heldOutFrom is ${tasks.heldOutFrom}, but must be at most tasks.heldOutTo (${tasks.heldOutTo})`
  if (tasks.heldOutFrom <= tasks.trainingTo && tasks.heldOutTo >= tasks.trainingFrom)
    yield (
      `tasks.heldOutFrom..heldOutTo (${tasks.heldOutFrom}..${tasks.heldOutTo}) overlaps the training seeds ` +
      `(${tasks.trainingFrom}..${tasks.trainingTo}), but held-out tasks must not be trained on`
    )
  if (policy.minLogStd > policy.maxLogStd)
    yield `policy.minLogStd is ${policy.minLogStd}, but must be at most policy.maxLogStd (${policy.maxLogStd})`
  const multipliers = { 'meta.lambda': meta.lambda, 'meta.eta': meta.eta, 'preTraining.lambda': preTraining.lambda }
  for (const [name, { initial, cap }] of Object.entries(multipliers))
    if (initial > cap) yield `${name}.initial is ${initial}, but must be at most ${name}.cap (${cap})`
  if (meta.outerRule === 'reptile' && meta.optimiser !== 'natural')
    yield (
      `meta.optimiser is ${meta.optimiser}, but must be natural under meta.outerRule reptile (its direction is a ` +
      'displacement, the safety term beside it a gradient: only the natural step brings them to one unit)'
    )
  if (meta.outerRule === 'maml') {
    if (inner.algorithm !== 'gradient')
      yield (
        `meta.outerRule is maml, but inner.algorithm is ${inner.algorithm}; allowed: gradient (a trust-region step has no ` +
        'derivative of the form I + alpha H; fomaml and reptile need none)'
      )
    for (const rate of ['trunkRate', 'headRate'] as const)
      if (inner[rate] !== 1) yield `inner.${rate} is ${inner[rate]}, but must be 1 under meta.outerRule maml`
  }
}

function describeIssue(issue: z.core.$ZodIssue, input: unknown): string {
  const field = issue.path.join('.') || 'configuration'
  if (issue.code === 'unrecognized_keys') {
    const at = schemaAt(issue.path)
    const allowed = at instanceof z.ZodObject ? Object.keys(at.shape).join(', ') : ''
    return issue.keys
      .map((key) => `${[...issue.path, key].join('.')} is not a setting; allowed here: ${allowed}`)
      .join('\n')
  }
  const value = issue.path.reduce<unknown>(
    (node, key) => (node as Record<PropertyKey, unknown> | undefined)?.[key],
    input,
  )
  const type = schemaAt(issue.path)
  // A refinement's own words say more than its type's bounds.
  const allowed = type && issue.code !== 'custom' ? describeAllowed(type) : issue.message
  return `${field} is ${shown(value)}; allowed: ${allowed}`
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
