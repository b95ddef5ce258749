import { useRafFn } from '@vueuse/core'
import { computed, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import {
  advance,
  changeSpeed,
  seek,
  stepBy,
  stopped,
  toggle,
  withEnd,
  type Clock,
  type Speed,
} from '../../core/episode/clock.ts'
import { nextEvent, previousEvent } from '../../core/episode/timeline.ts'
import type { Actor } from './actors.ts'

/** A page that was hidden goes on where it was; it does not leap. */
const LONGEST_FRAME_S = 0.25
/** How often numbers are written while a replay runs, ms: more often nobody reads them. */
const READING_MS = 80

/** One clock for all episodes of a screen. */
export interface Player {
  readonly clock: Readonly<ShallowRef<Clock>>
  /** The clock's time in whole steps, for numbers; a little behind while it plays. */
  readonly reading: Readonly<Ref<number>>
  readonly hasEvents: ComputedRef<boolean>
  togglePlaying(): void
  pause(): void
  seekTo(time: number): void
  stepBy(steps: number): void
  setSpeed(speed: Speed): void
  changeSpeed(by: 1 | -1): void
  toEvent(direction: 'next' | 'previous'): void
}

/** Lives as long as the component that calls it. */
export function usePlayer(actors: Ref<readonly Actor[]>): Player {
  const clock = shallowRef(stopped(0))
  const reading = shallowRef(0)
  const events = computed(() => actors.value.flatMap((actor) => actor.costEvents))
  let readAt = 0

  const frames = useRafFn(
    ({ delta, timestamp }) => {
      clock.value = advance(clock.value, Math.min(delta / 1000, LONGEST_FRAME_S))
      if (timestamp - readAt < READING_MS && clock.value.playing) return
      readAt = timestamp
      reading.value = Math.floor(clock.value.time)
    },
    { immediate: false },
  )

  watch(
    () => Math.max(0, ...actors.value.map(({ episode }) => episode.length)),
    (end) => {
      clock.value = withEnd(clock.value, end)
    },
    { immediate: true },
  )
  watch(clock, ({ playing, time }) => {
    if (playing) return frames.resume()
    frames.pause()
    reading.value = Math.floor(time)
  })

  return {
    clock,
    reading,
    hasEvents: computed(() => events.value.length > 0),
    togglePlaying: () => (clock.value = toggle(clock.value)),
    pause: () => (clock.value = { ...clock.value, playing: false }),
    seekTo: (time) => (clock.value = seek(clock.value, time)),
    stepBy: (steps) => (clock.value = stepBy(clock.value, steps)),
    setSpeed: (speed) => (clock.value = { ...clock.value, speed }),
    changeSpeed: (by) => (clock.value = changeSpeed(clock.value, by)),
    toEvent(direction) {
      const find = direction === 'next' ? nextEvent : previousEvent
      // Where a step of its own began, not between: else the same event would be found again.
      const found = find(events.value, direction === 'next' ? Math.floor(clock.value.time) : clock.value.time)
      if (found !== undefined) clock.value = seek({ ...clock.value, playing: false }, found)
    },
  }
}
