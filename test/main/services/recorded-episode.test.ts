// Episodes of a bundle may be anybody's: only what is one is ever answered.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { deflateRawSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { POSE_STEPS, type Episode } from '../../../src/core/episode/episode.ts'
import { encodeEpisode } from '../../../src/core/episode/format.ts'
import { observationAt } from '../../../src/core/episode/observation.ts'
import { readRecordedEpisode, saveEpisodeAs } from '../../../src/main/services/recorded-episode.ts'
import { recordRollout, type StepRecord } from '../../../src/main/services/rollout.ts'
import { StoreError } from '../../../src/main/store/errors.ts'
import type { EpisodeKey, Store } from '../../../src/main/store/store.ts'
import { packEpisode, unpackEpisode } from '../../../src/main/trainer/packed-episode.ts'
import { bitsOf, driveIntoVases } from '../../core/episode/episodes.ts'
import { tinyConfig } from '../../support/worker.ts'
import { testStore } from '../store/fixtures.ts'
import { metaTraining } from '../store/samples.ts'

const key = (run: string, task = 301): EpisodeKey => ({
  ...{ run, initialisation: null, iteration: 0, task, step: 0, episode: 0, stochastic: true },
})

/** A database with such an episode, as an import would leave it there. */
async function holding(content: Uint8Array): Promise<{ store: Store; id: number }> {
  const store = await testStore()
  const { id: run } = store.createRun(metaTraining())
  return { store, id: store.saveEpisode(key(run), { return: 0, cost: 0, length: 1 }, content).id }
}

/** A few steps with their records as the command line prints them. */
async function rolledOut(): Promise<{ episode: Episode; records: StepRecord[] }> {
  const records: StepRecord[] = []
  const actions = Array.from({ length: 12 }, (_, step) => [1, step % 3 === 0 ? 0.5 : -0.25])
  const config = tinyConfig('environment.horizon=10')
  const episode = await recordRollout(config, 301, { kind: 'actions', actions }, (record) => records.push(record))
  return { episode, records }
}

it('answers what was saved, with its sums in the list', async () => {
  const store = await testStore()
  const { id: run } = store.createRun(metaTraining())
  const { episode } = driveIntoVases()
  const row = saveEpisodeAs(store, key(run, 3), episode)
  const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0)
  expect(row).toMatchObject({ return: sum(episode.rewards), cost: sum(episode.costs), length: 300, stochastic: true })
  expect(row.size).toBeLessThan(30_000)
  // It was recorded as where the next goal is drawn; what holds is the run's configuration.
  expect(episode.world.goal.rule).toBe('resample')
  const read = readRecordedEpisode(store, row.id)
  expect(read.world.goal.rule).toBe('end')
  expect(bitsOf({ ...read, world: episode.world })).toEqual(bitsOf(episode))
})

describe('lines of JSON, as version 0.1 kept episodes', () => {
  const lines = (records: readonly object[]) => gzipSync(records.map((each) => JSON.stringify(each)).join('\n'))

  it('are read as the same episode', async () => {
    const { episode, records } = await rolledOut()
    expect(episode.world.goal.rule).toBe('end')
    const { store, id } = await holding(lines(records))
    const read = readRecordedEpisode(store, id)
    // JSON has no -0, the lines have the robot in the frame of its start, and vases as the simulator has them.
    const close = ['robot', 'velocity', 'sensors'] as const
    const exact = (of: Episode) => bitsOf({ ...of, robot: 0, velocity: 0, sensors: 0, vases: 0 } as never)
    expect(exact(read)).toEqual(exact(episode))
    for (const name of close) read[name].forEach((value, i) => expect(value).toBeCloseTo(episode[name][i]!, 12))
    read.vases.forEach((value, i) => expect(Math.abs(value - episode.vases[i]!)).toBeLessThanOrEqual(0.5 / POSE_STEPS))
    records.forEach(({ observation }, t) =>
      observationAt(read, t).forEach((value, i) => expect(value).toBeCloseTo(observation[i]!, 12)),
    )
  })

  it.each<[what: string, content: (records: StepRecord[]) => Uint8Array, reason: RegExp]>([
    [
      'a gzip bomb',
      () => gzipSync(Buffer.alloc(2 ** 26 + 1)),
      /Episode 1 cannot be used: it unpacks to more than 67108864/,
    ],
    ['half of an episode', (records) => lines(records).subarray(0, 60), /it cannot be unpacked/],
    ['nothing', () => gzipSync(''), /it has 1 lines: an episode has 2 to 10001/],
    ['too many lines', () => gzipSync('\n'.repeat(20_000)), /it has 20001 lines/],
    [
      'a text for a number',
      ([first, second]) => lines([first!, { ...second, reward: '\u001b[2J' }]),
      /line 2 .*expected number.*reward/,
    ],
    [
      'a vase too few',
      ([first, second]) => lines([{ ...first, qpos: first!.qpos.slice(7) }, second!]),
      /line 1 .*qpos/,
    ],
    ['a number that JSON lost', ([first, second]) => lines([{ ...first, reward: NaN }, second!]), /reward/],
    ['no object', ([first]) => gzipSync(`7\n${JSON.stringify(first)}`), /expected object/],
  ])('are refused with the reason where they are %s', async (_, content, reason) => {
    const { store, id } = await holding(content((await rolledOut()).records))
    expect(() => readRecordedEpisode(store, id)).toThrow(reason)
    expect(() => readRecordedEpisode(store, id)).toThrow(StoreError)
  })
})

describe('content in the present format', () => {
  const { episode } = driveIntoVases({ options: { horizon: 20 } })

  it.each<[what: string, content: () => Uint8Array, reason: RegExp]>([
    ['another format', () => Buffer.from('an episode'), /Episode 1 cannot be used: it is in no format/],
    [
      'a later version',
      () => Buffer.concat([Buffer.from('CMAMLEP2'), packEpisode(episode).subarray(8)]),
      /in no format/,
    ],
    ['nothing', () => new Uint8Array(0), /in no format/],
    ['a part of an episode', () => packEpisode(episode).subarray(0, -9), /it cannot be unpacked/],
    [
      'a bomb',
      () => Buffer.concat([Buffer.from('CMAMLEP1'), deflateRawSync(Buffer.alloc(2 ** 25))]),
      /it unpacks to more than \d+ bytes/,
    ],
    [
      'a wrong size',
      () => Buffer.concat([Buffer.from('CMAMLEP1'), deflateRawSync(encodeEpisode(episode).subarray(0, -1))]),
      /20 steps take \d+ bytes/,
    ],
  ])('is refused with the reason where it is %s', async (_, content, reason) => {
    const { store, id } = await holding(content())
    expect(() => readRecordedEpisode(store, id)).toThrow(reason)
    expect(() => readRecordedEpisode(store, id)).toThrow(StoreError)
  })

  // test/core/episode/episodes.ts drove it, 90 steps of task 3; whatever changes since, it stays readable.
  it('is read in every later version of the program', () => {
    const old = unpackEpisode(readFileSync(new URL('../../golden/episode-version-1.bin', import.meta.url)))
    const hash = (values: ArrayBufferView<ArrayBuffer>) =>
      createHash('sha256').update(Buffer.from(values.buffer)).digest('hex').slice(0, 16)
    const names = ['robot', 'velocity', 'vases', 'goal', 'rewards', 'actions', 'costParts'] as const
    expect(Object.fromEntries(names.map((name) => [name, hash(old[name] as ArrayBufferView<ArrayBuffer>)]))).toEqual({
      robot: 'c04db53362de27e7',
      velocity: '99819aa94e5731fa',
      vases: '3c008748a64eca55',
      goal: '0badae16b7b5ae5e',
      rewards: '9f3d8e6101d3d4ff',
      actions: '5e4eac170f244fee',
      costParts: '4fa12bc8a051aa59',
    })
    // A sine's last bit is not the same everywhere.
    expect(old.sensors.at(-3)).toBeCloseTo(0.4166407756591009, 14)
  })
})
