import { unusedReason } from '../../core/config/form/dependencies.ts'
import { SECTIONS, type Field, type Section } from '../../core/config/form/fields.ts'
import { sameValue, settingValue, type Settings } from '../../core/config/form/values.ts'
import type { RunConfig } from '../../core/config/settings.ts'

/** What of the form is wanted. */
export interface Wanted {
  readonly search: string
  readonly onlyChanged: boolean
  /** Whether to show what the run does not use, too. */
  readonly unused: boolean
}

/** A field as it stands on the form. */
export interface Row {
  readonly field: Field
  /** Why the run does not use it; null where it does. */
  readonly reason: string | null
  /** Differs from where the draft began. */
  readonly edited: boolean
  /** Differs from the default. */
  readonly changed: boolean
  readonly problems: readonly string[]
}

export interface Part {
  readonly section: Section
  readonly rows: readonly Row[]
  /** Rows left out because the run does not use them. */
  readonly hidden: number
  /** Why the run uses nothing of the section. */
  readonly reason: string | null
  /** How many differ from where the draft began. */
  readonly edited: number
  readonly problems: number
}

/** The form's rows by section. Settings with a problem are shown whether used or not. */
export function formParts(
  { settings, base, config, problems }: FormState,
  { search, onlyChanged, unused }: Wanted,
): Part[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  return SECTIONS.map((section) => {
    const all = section.fields
      // Seeds are set beside the name: every seed is a run.
      .filter(({ path }) => path !== 'seed')
      .map((field): Row => {
        const value = settingValue(settings, field.path)
        return {
          field,
          reason: unusedReason(field.path, config),
          edited: !sameValue(value, settingValue(base, field.path)),
          changed: !sameValue(value, field.default),
          problems: problems.get(field.path) ?? [],
        }
      })
    const found = all.filter(
      (row) =>
        (!onlyChanged || row.changed || row.edited) && words.every((word) => textOf(section, row).includes(word)),
    )
    const rows = found.filter(({ reason, problems }) => unused || reason === null || problems.length > 0)
    return {
      section,
      rows,
      hidden: found.length - rows.length,
      reason: all.every(({ reason }) => reason !== null) ? (all[0]?.reason ?? null) : null,
      edited: all.filter(({ edited }) => edited).length,
      problems: all.filter(({ problems }) => problems.length > 0).length,
    }
  })
}

export interface FormState {
  readonly settings: Settings
  /** What the draft began with. */
  readonly base: Settings
  /** The nearest configuration that can be used. */
  readonly config: RunConfig
  readonly problems: ReadonlyMap<string, readonly string[]>
}

const textOf = ({ title }: Section, { field }: Row): string =>
  `${title} ${field.label} ${field.path} ${field.help}`.toLowerCase()

/** Settings that were changed since the draft began although the run does not use them. */
export const changedInVain = (parts: readonly Part[]): Row[] =>
  parts.flatMap(({ rows }) => rows.filter(({ edited, reason }) => edited && reason !== null))
