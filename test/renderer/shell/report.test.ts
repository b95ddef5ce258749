import { ORPCError } from '@orpc/client'
import { expect, test } from 'vitest'
import { breaksView, errorReport, messageOf } from '../../../src/renderer/shell/report.ts'

const context = { route: '/runs/ab12', version: '1.2.3', userAgent: 'Chromium 140', time: new Date(0) }

test('a report says what, where, when, with which version, and why', () => {
  const error = new TypeError('x is undefined', { cause: new Error('the answer was empty') })
  error.stack = 'TypeError: x is undefined\n    at draw (chart.ts:1:2)'
  expect(errorReport(error, context)).toBe(
    [
      'C-MAML Studio 1.2.3',
      'TypeError: x is undefined',
      'Caused by: the answer was empty',
      'Screen: /runs/ab12',
      'Time: 1970-01-01T00:00:00.000Z',
      'Browser: Chromium 140',
      '',
      '    at draw (chart.ts:1:2)',
    ].join('\n'),
  )
})

test('what is thrown without being an error is reported too', () => {
  expect(errorReport('no', context)).toContain('Thrown: no\n')
})

test('a failed click or watcher leaves the view; a failed drawing does not', () => {
  const at = (code: string) => `https://vuejs.org/error-reference/#runtime-${code}`
  expect(['native event handler', 'watcher callback', at('5'), at('6')].map(breaksView)).not.toContain(true)
  expect(
    ['render function', 'setup function', 'mounted hook', at('0'), at('1'), at('m')].map(breaksView),
  ).not.toContain(false)
})

test('a request that was not in order says what is wrong with it', () => {
  const data = { issues: [{ message: 'A run needs a name.' }, { message: 'second' }] }
  expect(messageOf(new ORPCError('BAD_REQUEST', { message: 'Input validation failed', data }))).toBe(
    'A run needs a name.',
  )
  expect(messageOf(new ORPCError('BAD_REQUEST', { message: 'It runs already.' }))).toBe('It runs already.')
  expect(messageOf(new ORPCError('NOT_FOUND', { message: 'No run.', data }))).toBe('No run.')
})
