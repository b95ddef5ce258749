// A number field as one types in it: what is in the field, and which of it is the value.
import { computed, ref, watch, type ComputedRef, type Ref } from 'vue'
import { parseNumber, stepNumber, type NumberBounds } from './number-text.ts'

export interface NumberRules extends NumberBounds {
  readonly step?: number | undefined
  /** Whether there must be a number. */
  readonly required?: boolean | undefined
}

export interface NumberTyping {
  readonly text: Readonly<Ref<string>>
  /** What is wrong with the text. */
  readonly problem: Readonly<Ref<string | undefined>>
  /** What was wrong with the text that the value took the place of again. */
  readonly refusal: ComputedRef<string | undefined>
  type(text: string): void
  stepBy(direction: 1 | -1): void
  /** Shows the value again, with what was wrong, where something else was typed. */
  takeBack(): void
}

export function typeNumber(value: Ref<number | null>, rules: () => NumberRules): NumberTyping {
  const text = ref('')
  const problem = ref<string>()
  const refused = ref<string>()

  function take(typed: string): void {
    text.value = typed
    refused.value = undefined
    const parsed = parseTyped(typed, rules())
    problem.value = 'problem' in parsed ? parsed.problem : undefined
    if ('value' in parsed) value.value = parsed.value
  }

  // What was typed stays as it was typed as long as it means the value: `1e-3` does not turn into 0.001.
  watch(
    value,
    (next) => {
      const typed = parseTyped(text.value, rules())
      if ('value' in typed && typed.value === next) return
      text.value = textOf(next)
      problem.value = refused.value = undefined
    },
    { immediate: true },
  )

  return {
    text,
    problem,
    refusal: computed(() => refused.value && `${refused.value} ${standing(value.value)}`),
    type: take,
    stepBy: (direction) => take(String(stepNumber(value.value ?? 0, rules().step ?? 1, direction, rules()))),
    takeBack() {
      if (problem.value === undefined) return
      refused.value = problem.value
      problem.value = undefined
      text.value = textOf(value.value)
    },
  }
}

function parseTyped(text: string, rules: NumberRules) {
  const parsed = parseNumber(text, rules)
  const isMissing = rules.required === true && 'value' in parsed && parsed.value === null
  return isMissing ? { problem: 'A number is needed.' } : parsed
}

const textOf = (value: number | null): string => (value === null ? '' : String(value))

const standing = (value: number | null): string => (value === null ? 'It stays empty.' : `It stays ${value}.`)
