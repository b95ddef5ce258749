import { describe, expect, it } from 'vitest'
import { checkedScores, mapScores, scoreMatrix } from '../../../../src/core/study/statistics/score-matrix.ts'

describe('scoreMatrix', () => {
  it('keeps a run in a row', () => {
    const { runs, tasks, values } = scoreMatrix([
      [1, 2, 3],
      [4, 5, 6],
    ])
    expect([runs, tasks, ...values]).toEqual([2, 3, 1, 2, 3, 4, 5, 6])
  })

  it('names the score that is no number', () => {
    const rows = (bad: number) => [
      [1, 2, 3],
      [4, bad, 6],
    ]
    expect(() => scoreMatrix(rows(NaN))).toThrow('The score of run 2 of 2 on task 2 of 3 is NaN')
    expect(() => scoreMatrix(rows(-Infinity))).toThrow('run 2 of 2 on task 2 of 3 is -Infinity')
  })

  it('refuses what is empty, ragged or of another size', () => {
    expect(() => scoreMatrix([])).toThrow('at least one run')
    expect(() => scoreMatrix([[], []])).toThrow('at least one task')
    expect(() => scoreMatrix([[1, 2], [3]])).toThrow('Run 1 has scores of 2 tasks, run 2 of 1')
    expect(() => checkedScores({ runs: 2, tasks: 2, values: new Float64Array(3) })).toThrow('are 4 scores; got 3')
  })
})

describe('mapScores', () => {
  it('refuses matrices that do not match', () => {
    const a = scoreMatrix([[1, 2]])
    const add = ([x, y]: readonly number[]) => x! + y!
    expect([...mapScores([a, a], add).values]).toEqual([2, 4])
    expect(() => mapScores([a, scoreMatrix([[1, 2, 3]])], add)).toThrow('2 and 3 tasks')
    expect(() =>
      mapScores(
        [
          a,
          scoreMatrix([
            [1, 2],
            [3, 4],
          ]),
        ],
        add,
      ),
    ).toThrow('1 and 2 runs')
    expect(() => mapScores([], add)).toThrow('no scores')
  })
})
