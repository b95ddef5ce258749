// Settings in which runs differ, ready to be shown and copied.
import { fieldAt, longLabel } from '../../core/config/form/fields.ts'
import { sameValue } from '../../core/config/form/values.ts'
import type { SettingDifference } from '../../main/api/contract.ts'
import { settingText } from './columns.ts'

export interface ComparedSetting {
  readonly path: string
  readonly label: string
  readonly unit: string | undefined
  /** As text; empty where the program knows none. */
  readonly byDefault: string
  /** In the order of the runs. */
  readonly values: readonly { readonly text: string; readonly isDefault: boolean }[]
}

export function comparedSettings(differences: readonly SettingDifference[]): ComparedSetting[] {
  return differences.map(({ path, values }) => {
    const field = fieldAt(path)
    return {
      path,
      label: longLabel(path),
      unit: field?.unit,
      byDefault: field === undefined ? '' : shown(field.default),
      values: values.map((value) => ({
        text: shown(value),
        isDefault: field === undefined || sameValue(value, field.default),
      })),
    }
  })
}

const shown = (value: unknown): string => (value === undefined || value === null ? 'none' : settingText(value))

/** Lines of cells parted by tabs, as spreadsheets take them. */
export function comparisonText(names: readonly string[], settings: readonly ComparedSetting[]): string {
  const clean = (text: string) => text.replace(/[\t\n]/g, ' ')
  const lines = settings.map(({ path, byDefault, values }) => [path, byDefault, ...values.map(({ text }) => text)])
  return [['setting', 'default', ...names], ...lines].map((cells) => cells.map(clean).join('\t')).join('\n')
}
