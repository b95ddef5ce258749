import { describe, expect, it } from 'vitest'
import { parseRunConfig } from '../../../src/core/config/parse.ts'
import { METRICS, type MetricName } from '../../../src/core/training/records.ts'
import type { EngineRow, RunRow } from '../../../src/main/api/contract.ts'
import { CHART_METRICS, chartsOf, roleOfRun, rolesOfLabels } from '../../../src/renderer/run/chart-list.ts'
import { readChartSettings, USUAL_SETTINGS } from '../../../src/renderer/run/chart-settings.ts'
import { configSections, foreignSettings } from '../../../src/renderer/run/config-tree.ts'
import { enginesToGoOn, firstChoice } from '../../../src/renderer/run/engines-to-go-on.ts'
import { timeByPhase } from '../../../src/renderer/run/phases.ts'
import { NO_METRICS } from '../../../src/renderer/run/run-metrics.ts'
import { troubleOf } from '../../../src/renderer/run/trouble.ts'

const everything = new Set(Object.keys(METRICS) as MetricName[])

describe('the charts of a run', () => {
  it('show the policy before and after adaptation of a meta-training, and one policy of a pre-training', () => {
    const names = (method: 'meta' | 'pre-train') =>
      chartsOf({ method, costLimit: 5 }, everything)
        .find(({ id }) => id === 'cost')!
        .lines.map(({ metric }) => metric)
    expect(names('meta')).toEqual(['costBefore', 'costAfter'])
    expect(names('pre-train')).toEqual(['costBefore'])
  })

  it('leave out what the run does not record, and mark limit and trust region', () => {
    const charts = chartsOf({ costLimit: 5 }, new Set<MetricName>(['costAfter', 'std']))
    expect(charts.map(({ id, lines }) => [id, lines.length])).toEqual([
      ['cost', 1],
      ['std', 1],
    ])
    expect(charts[0]!.limit).toEqual({ value: 5, symbol: 'd' })
  })

  it('bound the KL of the steps as the algorithm does: the outer one falls to its final share', () => {
    const config = parseRunConfig({ meta: { kl: 0.02, finalKlShare: 0.1, iterations: 11 }, inner: { kl: 0.05 } })
    const charts = chartsOf(config, everything)
    const boundOf = (id: string) => charts.find((chart) => chart.id === id)?.bound
    expect(boundOf('inner-kl')!.at(7)).toBe(0.05)
    expect([1, 6, 11].map((at) => boundOf('outer-kl')!.at(at))).toEqual(
      [0.02, 0.011, 0.002].map((x) => expect.closeTo(x)),
    )
    expect(boundOf('cost')).toBeUndefined()
    const plain = chartsOf(
      parseRunConfig({ inner: { algorithm: 'gradient' }, meta: { optimiser: 'adam' } }),
      everything,
    )
    expect(plain.some(({ bound }) => bound !== undefined)).toBe(false)
  })

  it('have the colour that the policy has in the figures', () => {
    const off = { mode: 'off' } as const
    const roleOf = (config: object) => roleOfRun(parseRunConfig(config))
    expect(roleOf({})).toBe('c-maml')
    expect(roleOf({ meta: { lambda: off, eta: off } })).toBe('maml')
    expect(roleOf({ meta: { eta: off } })).toBe('other-1')
    expect(roleOf({ method: 'pre-train' })).toBe('pre-trained')
  })

  it('are asked for all that they draw', () => {
    expect(CHART_METRICS).toEqual(expect.arrayContaining(['returnAfter', 'totalCost', 'secondsRollouts']))
    expect(CHART_METRICS).not.toContain('kappa')
    expect(new Set(CHART_METRICS).size).toBe(CHART_METRICS.length)
  })

  it('give initialisations the colours of the figures, each once', () => {
    expect(rolesOfLabels(['C-MAML', 'random', 'mine', 'C-MAML (seed 2)'])).toEqual([
      'c-maml',
      'random',
      'other-1',
      'other-2',
    ])
  })

  it('are shown as usual where what was kept is broken', () => {
    expect(readChartSettings('{"xKind":"furlongs","smoothing":7,"logarithmic":["cost",3]}')).toEqual({
      ...USUAL_SETTINGS,
      logarithmic: ['cost'],
    })
    expect(readChartSettings('{')).toEqual(USUAL_SETTINGS)
  })
})

describe('time by phase', () => {
  it('shares the measured phase of the tasks among its parts, and keeps the whole', () => {
    const at = (mean: number) => [{ first: 1, last: 1, count: 1, min: mean, max: mean, mean }]
    const series = new Map<MetricName, ReturnType<typeof at>>([
      ['secondsTotal', at(10)],
      ['secondsTasks', at(6)],
      ['secondsRollouts', at(3)],
      ['secondsPolicySteps', at(9)],
      ['secondsOuter', at(1)],
    ])
    const { phases } = timeByPhase({ ...NO_METRICS, series })!
    expect(phases.map(({ name, seconds }) => [name, seconds[0]])).toEqual([
      ['Rollouts', 1.5],
      ['Policy steps', 4.5],
      ['Outer step', 1],
      ['Rest', 3],
    ])
    expect(timeByPhase(NO_METRICS)).toBeNull()
  })
})

describe('the configuration', () => {
  const config = { costLimit: 7, inner: { kl: 0.04, gone: 3 }, method: 'meta' }

  it('marks what differs from the default and finds settings by words', () => {
    const changed = configSections(config, '', true).flatMap(({ lines }) => lines)
    expect(changed.map(({ path }) => path)).toContain('costLimit')
    expect(changed.map(({ path }) => path)).not.toContain('method')
    expect(configSections(config, 'cost LIMIT', false)[0]!.lines[0]).toMatchObject({ path: 'costLimit', usual: '5' })
    expect(configSections(config, 'furlong', false)).toEqual([])
  })

  it('does not hide settings that no form knows', () => {
    expect(foreignSettings(config)).toEqual([['inner.gone', '3']])
  })
})

describe('a run that ended before its time', () => {
  const row = { status: 'failed', reason: 'NaN in the policy', done: 3, total: 10 } as RunRow

  it('says why, what is kept, and whether it can go on', () => {
    const resumePoint = { iteration: 3, committedAt: Date.UTC(2026, 10, 23, 12), size: 84_000 }
    const can = { resumeObstacle: null, resumePoint, engine: { name: 'simd/relaxed', obstacle: null } }
    expect(troubleOf(row, can)).toMatchObject({ message: 'NaN in the policy', title: 'The run failed' })
    expect(troubleOf(row, can)!.advice).toMatch(
      /3 of 10.*go on from: iteration 3, 23 Nov 2026.*84\skB.*the same numbers/,
    )
    expect(troubleOf(row, { ...can, resumePoint: null })!.advice).toMatch(
      /^Everything up to 3 of 10 is stored\. Resume/,
    )
    const imported = { ...can, resumeObstacle: 'It was imported.' }
    const cut = troubleOf({ ...row, status: 'interrupted', reason: null }, imported)!
    expect([cut.state, cut.advice]).toEqual(['interrupted', expect.stringContaining('It was imported.')])
    expect(troubleOf({ ...row, status: 'completed' }, can)).toBeNull()
    const gone = { ...can, engine: { name: 'tfjs/webgpu', obstacle: 'the package webgpu is not there' } }
    expect(troubleOf(row, gone)!.advice).toMatch(/another engine: tfjs\/webgpu .* the package webgpu is not there/)
  })
})

describe('the engines that a run can go on by', () => {
  const row = (name: EngineRow['name'], available: boolean): EngineRow => {
    return { name, available, tried: true, problem: null, device: null, versions: {}, installs: [] }
  }
  const engines = [row('simd', true), row('tfjs/webgpu', false), row('tfjs/wasm', true)]
  const values = (name: string, obstacle: string | null, known = engines) =>
    enginesToGoOn({ name, obstacle }, known).map(({ value }) => value)

  it('are its own, if that can be used, and the others that can', () => {
    expect(values('tfjs/wasm', null)).toEqual(['', 'simd'])
    expect(values('simd/relaxed', null)).toEqual(['', 'tfjs/wasm'])
    expect(values('tfjs/webgpu', 'it is gone')).toEqual(['simd', 'tfjs/wasm'])
    expect(values('jax/tpu', 'nobody knows it', [])).toEqual(['simd'])
  })

  it('begin with its own, or else with SIMD', () => {
    expect(firstChoice({ name: 'tfjs/wasm', obstacle: null })).toBeUndefined()
    expect(firstChoice({ name: 'tfjs/webgpu', obstacle: 'it is gone' })).toBe('simd')
  })
})
