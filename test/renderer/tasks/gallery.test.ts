import { describe, expect, test } from 'vitest'
import { addressProblems, readAddress, USUAL, writeAddress } from '../../../src/renderer/tasks/address.ts'
import { colouringOf, legendValues } from '../../../src/renderer/tasks/colouring.ts'
import { NO_RESULT, type FigureValues } from '../../../src/renderer/tasks/figures.ts'
import { layTasks } from '../../../src/renderer/tasks/lay-tasks.ts'
import { chosenOf, valuesByTask } from '../../../src/renderer/tasks/results.ts'
import {
  meets,
  parseTaskFilter,
  resultFiguresIn,
  sorted,
  type TaskTerm,
} from '../../../src/renderer/tasks/task-filter.ts'
import { heldOutTasks } from '../../../src/core/training/tasks.ts'
import { parseRunConfig } from '../../../src/core/config/parse.ts'
import { namedRanges, rangeAround } from '../../../src/renderer/tasks/task-sets.ts'
import { worlds } from '../../../src/core/env/world.ts'

const values = (own: Partial<FigureValues>): FigureValues => ({
  ...{ seed: 1, distance: 1, bearing: 0, stretch: 0, hazards: 0, vases: 0, clearance: 1 },
  ...NO_RESULT,
  ...own,
})

function termsOf(text: string): readonly TaskTerm[] {
  const filter = parseTaskFilter(text)
  if ('problem' in filter) throw new Error(filter.problem)
  return filter.terms
}

describe('the filter', () => {
  test.each<[string, Partial<FigureValues>, boolean]>([
    ['', {}, true],
    ['distance>1', { distance: 1 }, false],
    ['distance>=1', { distance: 1 }, true],
    ['hazards=2', { hazards: 2 }, true],
    ['hazards:1..2', { hazards: 2 }, true],
    ['hazards:1..2', { hazards: 3 }, false],
    ['bearing<-10', { bearing: -11 }, true],
    ['bearing:−20..−10', { bearing: -15 }, true],
    ['Cost<5  distance>0.5', { cost: 4, distance: 1 }, true],
    ['cost<5', {}, false],
    ['feasible=0', {}, false],
    ['distance<1e9', { distance: 3 }, true],
    ['clearance:1e−3..5E-1', { clearance: 0.2 }, true],
    ['clearance:1e−3..5E-1', { clearance: 0.6 }, false],
    ['122', { seed: 122 }, true],
    ['122', { seed: 12 }, false],
  ])('%j', (text, own, expected) => {
    expect(meets(values(own), termsOf(text))).toBe(expected)
  })

  test.each([
    ['distance', /no condition/],
    ['distance>far', /no condition/],
    ['size>3', /no figure “size”.*distance/],
  ])('%j is refused with what is wrong', (text, problem) => {
    expect(parseTaskFilter(text)).toEqual({ problem: expect.stringMatching(problem) as string })
  })
})

test('a filter tells which of its figures come with results', () => {
  expect(resultFiguresIn(termsOf('cost<5 distance>1 feasible=1 cost>1'))).toEqual(['cost', 'feasible'])
  expect(resultFiguresIn(termsOf('distance>1 122'))).toEqual([])
})

test('tasks without a value come last in either direction, ties by seed', () => {
  const items = [
    values({ seed: 1 }),
    values({ seed: 2, cost: 3 }),
    values({ seed: 3, cost: 1 }),
    values({ seed: 4, cost: 3 }),
  ]
  const seeds = (descending: boolean) =>
    sorted(
      items.map((own) => ({ values: own })),
      { figure: 'cost', descending },
    ).map((item) => item.values.seed)
  expect(seeds(false)).toEqual([3, 2, 4, 1])
  expect(seeds(true)).toEqual([2, 4, 3, 1])
})

describe('the address', () => {
  test('is empty for what is usual, and comes back whole', () => {
    expect(writeAddress(USUAL)).toEqual({})
    expect(readAddress({})).toEqual(USUAL)
    const query = {
      ...{ world: 'environment-1+hazards=12', from: '301', to: '599', arc: '90', runs: 'a,b', label: 'C-MAML' },
      ...{ step: '3', colour: 'cost', sort: '-cost', filter: 'distance>1', size: 'large' },
    }
    expect(writeAddress(readAddress(query))).toEqual(query)
  })

  test('of somebody who guesses asks for nothing that cannot be shown', () => {
    expect(
      readAddress({ world: 'moon', from: '-1', to: '1e9', arc: '0', sort: 'size', size: 'vast', colour: 'red' }),
    ).toEqual(USUAL)
    expect(readAddress({ from: '100', to: '900000' }).to).toBe(5099)
    expect(readAddress({ from: '700', to: '5' })).toMatchObject({ from: 700, to: 700 })
  })

  test('says in which points it is not shown as it is written', () => {
    expect(addressProblems({})).toEqual([])
    expect(addressProblems(writeAddress({ ...USUAL, from: 301, to: 599, colour: 'cost' }))).toEqual([])
    expect(addressProblems({ world: 'zzz' })).toEqual([expect.stringMatching(/no world “zzz”.*Environment 2/)])
    expect(addressProblems({ from: '0', to: '100000' })).toEqual([
      expect.stringMatching(/^At most 5000 seeds are shown at once: 0 to 4999, not to 100.000\.$/),
    ])
    expect(addressProblems({ from: '700', to: '5' })).toEqual(['Seed 700 alone: the last seed, 5, is below it.'])
    expect(addressProblems({ from: '-1', to: '1e9', arc: '0', sort: '-size', colour: 'size' })).toEqual([
      expect.stringMatching(/^“-1”, “1e9”: seeds are whole numbers from 0 to 1.000.000\.$/),
      '“0” is no arc from 1° to 360°: it is 140°.',
      'There is no figure “size”.',
    ])
  })
})

test('the tasks laid out are those that a run holds out', async () => {
  const config = parseRunConfig({ environment: { world: 'environment-1' }, tasks: { heldOutTo: 360 } })
  const laid = await layTasks(
    worlds['environment-1'],
    { from: 301, to: 360, arcDegrees: 140 },
    new AbortController().signal,
  )
  expect(laid!.map(({ task }) => task.seed)).toEqual(heldOutTasks(config))
})

test('colours part at the limit, and what has no value has none', () => {
  const { domain, colourOf } = colouringOf('cost', [0, 2, 20, NaN], 5, false)
  expect(domain).toEqual({ min: 0, middle: 5, max: 20 })
  expect(colourOf(NaN)).toBeNull()
  const blueOf = (colour: string | null) => parseInt(colour!.slice(5), 16) - parseInt(colour!.slice(1, 3), 16)
  expect(blueOf(colourOf(1))).toBeGreaterThan(20)
  expect(blueOf(colourOf(15))).toBeLessThan(-20)
  expect(legendValues(domain, 5)).toEqual([0, 2.5, 5, 12.5, 20])
})

test('costs far below the limit leave the strong colours to those far above', () => {
  expect(colouringOf('cost', [0, 4], 5, false).domain).toEqual({ min: 0, middle: 5, max: 10 })
})

test('the range around tasks is the smallest that is offered, else their own', () => {
  const ranges = namedRanges(undefined)
  expect(rangeAround([302, 310], ranges, 90)).toMatchObject({ from: 301, to: 600, arcDegrees: 140 })
  expect(rangeAround([298, 302], ranges, 90)).toMatchObject({ from: 0, to: 600 })
  expect(rangeAround([700, 702], ranges, 90)).toEqual({ from: 700, to: 702, arcDegrees: 90 })
})

test('values are found by initialisation, step and task', () => {
  const results = {
    ...{
      kind: 'fine-tune' as const,
      world: 'environment-1',
      costLimit: 5,
      meaning: '',
      labels: ['a', 'b'],
      steps: [0, 1],
    },
    tasks: Int32Array.of(7, 9),
    count: Int32Array.of(1, 1, 1, 1),
    return: Float64Array.of(0, 1, 2, 3, 4, 5, 6, 7),
    cost: Float64Array.of(0, 1, 2, 3, 4, 5, NaN, 7),
    feasible: Float64Array.of(1, 1, 1, 1, 1, 1, NaN, 0),
  }
  const chosen = chosenOf(results, 'b', null)
  expect(chosen).toEqual({ initialisation: 1, step: 1 })
  expect([...valuesByTask(results, chosen)]).toEqual([[9, { return: 7, cost: 7, feasible: 0 }]])
  expect(chosenOf(results, 'gone', 0)).toEqual({ initialisation: 0, step: 0 })
})
