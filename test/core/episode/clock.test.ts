import { describe, expect, test } from 'vitest'
import {
  advance,
  changeSpeed,
  seek,
  stepBy,
  stopped,
  toggle,
  withEnd,
  type Clock,
} from '../../../src/core/episode/clock.ts'

const playing: Clock = { ...stopped(100), playing: true }

describe('the clock of a replay', () => {
  test('at speed 1 takes 50 steps a second, at speed 4 four times as many', () => {
    expect(advance(playing, 0.5).time).toBeCloseTo(25)
    expect(advance({ ...playing, speed: 4 }, 0.25).time).toBeCloseTo(50)
  })

  test('stands while it does not play', () => {
    expect(advance(stopped(100), 1)).toEqual(stopped(100))
  })

  test('stops at the end, and plays again from the start', () => {
    const ended = advance(playing, 60)
    expect(ended).toMatchObject({ time: 100, playing: false })
    expect(toggle(ended)).toMatchObject({ time: 0, playing: true })
  })

  test('goes on where it was paused', () => {
    const paused = toggle(advance(playing, 1))
    expect(paused.playing).toBe(false)
    expect(toggle(paused)).toMatchObject({ time: paused.time, playing: true })
  })

  test('steps to whole steps, in either direction, and pauses', () => {
    const between = { ...playing, time: 10.4 }
    expect(stepBy(between, 1)).toMatchObject({ time: 11, playing: false })
    expect(stepBy(between, -1)).toMatchObject({ time: 10, playing: false })
    expect(stepBy(seek(between, 0), -1).time).toBe(0)
  })

  test('never leaves the episode', () => {
    expect(seek(playing, -3).time).toBe(0)
    expect(seek(playing, 300).time).toBe(100)
    expect(withEnd(seek(playing, 80), 50)).toMatchObject({ time: 50, end: 50 })
  })

  test('of nothing does not play', () => {
    expect(toggle(stopped(0)).playing).toBe(false)
  })

  test('has speeds from a quarter to sixteen times', () => {
    let clock = playing
    for (let i = 0; i < 10; i++) clock = changeSpeed(clock, 1)
    expect(clock.speed).toBe(16)
    for (let i = 0; i < 10; i++) clock = changeSpeed(clock, -1)
    expect(clock.speed).toBe(0.25)
  })
})
