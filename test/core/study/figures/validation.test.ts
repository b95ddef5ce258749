import { describe, expect, it } from 'vitest'
import { checkFigure, type CurvesPanel } from '../../../../src/core/study/figure-data.ts'
import { studyFigures } from '../../../../src/core/study/figures/study-figures.ts'
import { studyTables } from '../../../../src/core/study/figures/study-tables.ts'
import { planValidation } from '../../../../src/core/study/plan/validation-plan.ts'
import { policyTraining, presets, validationOf } from './validation-data.ts'

const plan = planValidation({ study: 'omnisafe-point-goal-1', scale: 'small', presets, seeds: [1, 2] })
/** 500 iterations: 0 up to the last 25, then `late` and in the last five `last`. */
const returns = (late: number, last: number) =>
  Array.from({ length: 500 }, (_, i) => (i < 475 ? 0 : i < 495 ? late : last))

describe('the tables of a validation', () => {
  // Last 25: (20 x 18 + 5 x 23) / 25 = 19 and (20 x 20 + 5 x 25) / 25 = 21; last 5: 23 and 25.
  const finished = [policyTraining(1, returns(18, 23)), policyTraining(2, returns(20, 25))]
  const partial = [...finished, policyTraining(3, [99], false)]
  const data = validationOf(plan, { 'trpo-lag': partial, cpo: [policyTraining(1, [4, 6], false)] })
  const [comparison, trainings] = studyTables(data, 1)
  const row = (...start: string[]) => {
    const found = comparison!.rows.find((cells) => start.every((cell, i) => cells[i] === cell))!
    return Object.fromEntries(comparison!.columns.map((name, i) => [name, found[i]]))
  }

  it('average the last episodes of the finished trainings and compare them', () => {
    expect(row('TRPO-Lagrangian', 'return')).toMatchObject({
      ...{ seeds: 2, 'last 500': 20, 'last 100': 24, published: 18.51, 'published SD': 3.83 },
      ...{ 'within published spread': 'yes', 'env steps': 10_000_000, 'wall seconds': 15 },
    })
    expect(row('TRPO-Lagrangian', 'return').SD).toBeCloseTo(Math.SQRT2, 12)
    expect(row('TRPO-Lagrangian', 'return').difference).toBeCloseTo(1.49, 12)
    expect(row('TRPO-Lagrangian', 'cost')).toMatchObject({ 'last 500': 40, 'within published spread': 'no' })
    expect(row('TRPO-Lagrangian', 'cost').difference).toBeCloseTo(40 - 22.98, 12)
  })

  it('show trainings that are not finished without a comparison', () => {
    expect(row('CPO', 'return')).toMatchObject({
      ...{ seeds: '0 (1 partial)', 'last 500': 5, SD: null, 'last 100': 5 },
      ...{ difference: null, 'within published spread': null, 'env steps': 40_000 },
    })
    expect(row('TRPO', 'cost')).toMatchObject({ seeds: '0 (0 partial)', 'last 500': null, published: 45.88 })
    const states = trainings!.rows.map((cells) => cells.slice(0, 4))
    expect(states).toContainEqual(['TRPO-Lagrangian', 3, 'partial', 20_000])
    expect(states).toContainEqual(['TRPO-Lagrangian', 2, 'finished', 10_000_000])
  })
})

describe('the figure of a validation', () => {
  const flat = (value: number) => new Array<number>(500).fill(value)
  const trpo = [policyTraining(1, flat(20)), policyTraining(2, flat(24))]
  const [figure, ...others] = studyFigures(validationOf(plan, { trpo, cpo: [policyTraining(1, flat(9))] }))
  const panel = (i: number) => figure!.panels[i] as CurvesPanel
  const series = (i: number, label: string) => panel(i).series.find((one) => one.label === label)!

  it('draws seeds over environment steps', () => {
    checkFigure(figure!)
    expect(others).toEqual([])
    const curve = series(1, 'TRPO')
    expect([curve.x[0], curve.x.at(-1)]).toEqual([0.02, 10])
    expect([curve.mean.at(-1), curve.low!.at(-1), curve.high!.at(-1)]).toEqual([44, 40, 48])
    expect(series(0, 'CPO').low).toBeUndefined()
    expect(series(0, 'TRPO-Lagrangian').x).toEqual([])
    expect(panel(1).references).toEqual([{ label: 'cost limit d = 25', value: 25 }])
    expect(figure!.caption).toContain('running means over w = 11 iterations')
    expect(figure!.caption).toContain('N = 2 seeds (TRPO), 1 seed (CPO)')
  })

  it('marks the published results right of all curves', () => {
    const mark = series(0, 'TRPO-Lagrangian, published')
    expect(Math.min(...mark.x)).toBeGreaterThan(10)
    expect(mark.mean).toEqual([NaN, 18.51, NaN])
    expect([mark.low![0], mark.high![0]]).toEqual([18.51 - 3.83, 18.51 + 3.83])
  })
})
