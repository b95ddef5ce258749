// The configuration schema as a form sees it: sections of fields, with everything that an input needs to know.
import { z } from 'zod'
import { describeAllowed } from '../allowed.ts'
import { unwrap, type SettingNotes } from '../setting.ts'
import { runConfigSchema } from '../settings.ts'
import { labelOf, SECTION_TITLES } from './labels.ts'

/** Where a number may lie; a missing end is open. */
export interface Bounds {
  readonly min?: number
  readonly max?: number
  /** Whether the end itself is not allowed. */
  readonly exclusiveMin: boolean
  readonly exclusiveMax: boolean
}

/** What a field takes. */
export type FieldType =
  | { readonly kind: 'integer' | 'number'; readonly bounds: Bounds }
  | { readonly kind: 'choice'; readonly options: readonly string[] }
  | { readonly kind: 'flag' }
  /** Several integers. */
  | { readonly kind: 'list'; readonly bounds: Bounds }

export interface Field extends SettingNotes {
  /** Dotted path, e.g. `meta.eta.cap`. */
  readonly path: string
  readonly label: string
  readonly type: FieldType
  readonly default: unknown
  /** What is allowed, in words. */
  readonly allowed: string
}

/** Settings that stand together; sections within sections follow them in the list. */
export interface Section {
  /** Dotted path; `''` is the run itself. */
  readonly path: string
  readonly title: string
  /** 0 for the outermost. */
  readonly depth: number
  readonly fields: readonly Field[]
}

interface Node {
  readonly field: Field
  readonly schema: z.ZodType
}

const nodes = new Map<string, Node>()

/** Every section in the order of the schema. */
export const SECTIONS: readonly Section[] = [...sectionsOf(runConfigSchema, '')]

/** Every field in the order of the sections. */
export const FIELDS: readonly Field[] = SECTIONS.flatMap(({ fields }) => fields)

export const fieldAt = (path: string): Field | undefined => nodes.get(path)?.field

/** With its section, where it stands alone: `Meta multiplier λ: Initial`. */
export function longLabel(path: string): string {
  const section = SECTIONS.find(({ fields }) => fields.some((field) => field.path === path))
  return section ? `${section.title}: ${labelOf(path)}` : path
}

/** The value itself where the field takes it, else its default. */
export function acceptedOrDefault({ path }: Field, value: unknown): unknown {
  const parsed = nodes.get(path)!.schema.safeParse(value)
  return parsed.success ? parsed.data : nodes.get(path)!.field.default
}

function* sectionsOf(type: z.ZodObject, path: string): Generator<Section> {
  const within = (key: string) => (path === '' ? key : `${path}.${key}`)
  const children = Object.entries(type.shape).map(([key, child]) => [within(key), child as z.ZodType] as const)
  const fields = children.flatMap(([childPath, child]) => fieldOf(childPath, child) ?? [])
  yield {
    path,
    title: SECTION_TITLES[path] ?? labelOf(path),
    depth: path === '' ? 0 : path.split('.').length - 1,
    fields,
  }
  for (const [childPath, child] of children) {
    const inner = unwrap(child)
    if (inner instanceof z.ZodObject) yield* sectionsOf(inner, childPath)
  }
}

/** undefined for what is not a setting: sections and schemaVersion. */
function fieldOf(path: string, schema: z.ZodType): Field | undefined {
  const notes = schema.meta() as SettingNotes | undefined
  if (!notes?.help) return undefined
  const { help, unit, source } = notes
  const type = unwrap(schema)
  const field: Field = {
    path,
    label: labelOf(path),
    type: fieldType(type),
    default: schema.parse(undefined),
    allowed: describeAllowed(type),
    help,
    source,
    ...(unit === undefined ? {} : { unit }),
  }
  nodes.set(path, { field, schema })
  return field
}

function fieldType(type: z.ZodType): FieldType {
  if (type instanceof z.ZodEnum) return { kind: 'choice', options: type.options.map(String) }
  if (type instanceof z.ZodBoolean) return { kind: 'flag' }
  if (type instanceof z.ZodArray) return { kind: 'list', bounds: boundsOf(unwrap(type.element as z.ZodType)).bounds }
  return boundsOf(type)
}

function boundsOf(type: z.ZodType): { kind: 'integer' | 'number'; bounds: Bounds } {
  const json = z.toJSONSchema(type) as Record<string, unknown>
  const end = (name: string): number | undefined => {
    const value = json[name]
    // zod bounds integers by what is exact, which is no bound of the setting.
    return typeof value === 'number' && Math.abs(value) < Number.MAX_SAFE_INTEGER ? value : undefined
  }
  const min = end('exclusiveMinimum') ?? end('minimum')
  const max = end('exclusiveMaximum') ?? end('maximum')
  return {
    kind: json['type'] === 'integer' ? 'integer' : 'number',
    bounds: {
      ...(min === undefined ? {} : { min }),
      ...(max === undefined ? {} : { max }),
      exclusiveMin: end('exclusiveMinimum') !== undefined,
      exclusiveMax: end('exclusiveMaximum') !== undefined,
    },
  }
}
