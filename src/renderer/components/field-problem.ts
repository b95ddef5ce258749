import { sentence } from '../../core/text/sentence.ts'

/** Says what is wrong with a field in the browser's own bubble, where there is no room for words. @returns whether nothing is */
export function reportProblem(field: HTMLInputElement, problem: string | null): boolean {
  field.setCustomValidity(problem === null ? '' : sentence(problem))
  return field.reportValidity()
}
