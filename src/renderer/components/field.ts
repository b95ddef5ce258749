/** What every field has that one types in or chooses from. */
export interface FieldProps {
  label: string
  /** For a label that the surroundings already show, such as in a toolbar. */
  labelHidden?: boolean
  help?: string | undefined
  problem?: string | undefined
  disabled?: boolean
}
