import { nextTick, ref } from 'vue'
import { expect, test } from 'vitest'
import { typeNumber, type NumberRules } from '../../../src/renderer/components/number-typing.ts'

const field = (begin: number | null, rules: NumberRules = { min: 1, max: 512, integer: true }) => {
  const value = ref(begin)
  return { value, ...typeNumber(value, () => rules) }
}

test('what is refused changes nothing, and gives way to the value that holds, with what was wrong', () => {
  const { value, text, problem, refusal, type, takeBack } = field(4)
  type('900')
  expect([value.value, text.value, problem.value]).toEqual([4, '900', 'At most 512 is allowed.'])
  expect(refusal.value).toBeUndefined()
  takeBack()
  expect([value.value, text.value, problem.value]).toEqual([4, '4', undefined])
  expect(refusal.value).toBe('At most 512 is allowed. It stays 4.')
  // The next thing typed is another matter.
  type('5')
  expect([value.value, text.value, refusal.value]).toEqual([5, '5', undefined])
  takeBack()
  expect([text.value, refusal.value]).toEqual(['5', undefined])
})

test('an empty field is a value, or a problem where a number is needed', () => {
  const free = field(4)
  free.type('')
  expect([free.value.value, free.problem.value]).toEqual([null, undefined])
  free.type('x')
  free.takeBack()
  expect([free.text.value, free.refusal.value]).toEqual(['', '“x” is not a number. It stays empty.'])

  const needed = field(4, { required: true })
  needed.type('')
  expect([needed.value.value, needed.problem.value]).toEqual([4, 'A number is needed.'])
  needed.takeBack()
  expect(needed.text.value).toBe('4')
})

test('a value that is taken back elsewhere is shown again; what means the value stays as it was typed', async () => {
  const { value, text, type, stepBy } = field(0.5, { step: 0.1 })
  type('2e-1')
  await nextTick()
  expect([value.value, text.value]).toEqual([0.2, '2e-1'])
  // The machine did not keep it.
  value.value = 0.5
  await nextTick()
  expect(text.value).toBe('0.5')
  stepBy(1)
  expect([value.value, text.value]).toEqual([0.6, '0.6'])
})
