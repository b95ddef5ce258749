import { describe, expect, test } from 'vitest'
import { CostPart } from '../../../src/core/env/environment.ts'
import {
  costEvents,
  cumulated,
  flashAt,
  goalTimes,
  nextEvent,
  previousEvent,
} from '../../../src/core/episode/timeline.ts'

describe('cost events', () => {
  const events = costEvents([0, 1, 1, 0, 0, 1])

  test('are stretches of costing steps, as the states that they led to', () => {
    expect(events).toEqual([
      { first: 2, last: 3 },
      { first: 6, last: 6 },
    ])
    expect(costEvents([])).toEqual([])
  })

  test('the next and the previous one are found from any time', () => {
    expect(nextEvent(events, 0)).toBe(2)
    expect(nextEvent(events, 2)).toBe(6)
    expect(nextEvent(events, 6)).toBeUndefined()
    expect(previousEvent(events, 6)).toBe(2)
    expect(previousEvent(events, 2.5)).toBe(2)
    expect(previousEvent(events, 2)).toBeUndefined()
  })

  test('of several episodes the nearest counts, whatever their order', () => {
    const several = [...costEvents([0, 0, 0, 0, 1]), ...costEvents([0, 0, 1])]
    expect(nextEvent(several, 0)).toBe(3)
    expect(previousEvent(several, 9)).toBe(5)
  })
})

test('sums start at nothing', () => {
  expect([...cumulated([1, -2, 0.5])]).toEqual([0, 1, -1, -0.5])
})

test('the goal is reached in the state that a step led to', () => {
  expect(goalTimes([0, 0, 1, 0, 1])).toEqual([3, 5])
})

test('a flash fades after the step that caused it, and only for what is asked', () => {
  const parts = [0, CostPart.hazard, 0, 0, 0, 0]
  expect(flashAt(parts, CostPart.hazard, 1.9, 4)).toBe(0)
  expect(flashAt(parts, CostPart.hazard, 2, 4)).toBe(1)
  expect(flashAt(parts, CostPart.hazard, 4, 4)).toBe(0.5)
  expect(flashAt(parts, CostPart.hazard, 6, 4)).toBe(0)
  expect(flashAt(parts, CostPart.vaseContact, 2, 4)).toBe(0)
})
