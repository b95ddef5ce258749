import { expect, test } from 'vitest'
import { distinct, labelOfProblem, validate } from '../../../../src/core/config/form/problems.ts'

test('a value that fails several checks is one problem, by the name of its setting', () => {
  const problems = validate({ meta: { iterations: -1.5 } })
  expect(problems.map(({ path }) => path)).toEqual(['meta.iterations'])
  expect(problems[0]!.message).toContain('meta.iterations is -1.5; allowed')
  expect(labelOfProblem(problems[0]!)).toBe('Meta-iterations N')
})

test('two settings are two problems, and so are two that are no one setting’s', () => {
  expect(validate({ meta: { iterations: -1.5 }, inner: { steps: 0 } })).toHaveLength(2)
  const general = ['a', 'b', 'a'].map((message) => ({ path: null, message }))
  expect(distinct(general).map(({ message }) => message)).toEqual(['a', 'b'])
  expect(labelOfProblem(general[0]!)).toBeUndefined()
})
