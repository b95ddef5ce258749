// A recorded configuration as sections of lines, found by words.
import { fieldAt, SECTIONS } from '../../core/config/form/fields.ts'
import { sameValue, writtenValue, type Settings } from '../../core/config/form/values.ts'

export interface ConfigLine {
  readonly path: string
  readonly label: string
  readonly value: string
  readonly usual: string
  readonly changed: boolean
  readonly help: string
}

export interface ConfigSection {
  readonly path: string
  readonly title: string
  readonly depth: number
  readonly lines: readonly ConfigLine[]
}

export function configSections(config: Settings, search: string, onlyChanged: boolean): ConfigSection[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  return SECTIONS.flatMap(({ path, title, depth, fields }) => {
    const lines = fields.flatMap((field): ConfigLine[] => {
      const value = writtenValue(config, field.path)
      if (value === undefined) return []
      const changed = !sameValue(value, field.default)
      const text = `${title} ${field.label} ${field.path} ${field.help}`.toLowerCase()
      if ((onlyChanged && !changed) || !words.every((word) => text.includes(word))) return []
      const unit = field.unit === undefined ? '' : ` Unit: ${field.unit}.`
      return [
        {
          path: field.path,
          label: field.label,
          value: valueText(value),
          usual: valueText(field.default),
          changed,
          help: `${field.help}${unit} Source: ${field.source}.`,
        },
      ]
    })
    return lines.length === 0 ? [] : [{ path, title, depth, lines }]
  })
}

export function valueText(value: unknown): string {
  if (Array.isArray(value)) return value.map(valueText).join(', ')
  if (typeof value === 'boolean') return value ? 'on' : 'off'
  return typeof value === 'string' || typeof value === 'number' ? String(value) : JSON.stringify(value)
}

/** Settings of versions that knew others: recorded, but on no form of today. */
export function foreignSettings(config: Settings, path = ''): [path: string, value: string][] {
  return Object.entries(config).flatMap(([key, value]): [string, string][] => {
    const here = path === '' ? key : `${path}.${key}`
    if (here === 'schemaVersion' || fieldAt(here) !== undefined) return []
    const isSection = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isSection ? foreignSettings(value as Settings, here) : [[here, valueText(value)]]
  })
}
