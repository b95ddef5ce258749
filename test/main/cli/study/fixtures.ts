/** `cmaml study` at its smallest scale, in a folder and on a database of the test file's own. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect } from 'vitest'
import type { UnitState } from '../../../../src/main/services/study/run-study.ts'
import type { StudyReport, WrittenStudy } from '../../../../src/main/services/study/write-study.ts'
import { cmaml, jsonLines, temporaryFolder } from '../cmaml.ts'

export interface Unit {
  readonly phase: 'training' | 'fine-tuning'
  readonly arm: string
  readonly seed: number
  readonly state: UnitState['state']
  readonly run: string
  readonly done: number
}

export type Result = StudyReport & Pick<WrittenStudy, 'tables' | 'figures' | 'folder'>

export interface Outcome {
  readonly units: readonly Unit[]
  readonly recorded: number
  readonly result: Result
}

/** The folder goes at the end of the test file. */
export function studyFolder() {
  const folder = temporaryFolder()
  const home = folder.path
  const db = join(home, 'runs.sqlite')
  afterAll(() => folder[Symbol.dispose]())

  const outOf = (figure: string) => join(home, `out-${figure}`)
  const argumentsOf = (figure: string, args: readonly string[]): readonly string[] => [
    ...['study', figure, '--scale', 'smoke', '--db', db, '--out', outOf(figure)],
    ...args,
    ...['--force', '--json'],
  ]
  return {
    home,
    db,
    /** Where a study's figures are. */
    outOf,
    argumentsOf,
    /** Does a study that ends without a word of complaint. */
    async study(figure: string, ...args: string[]): Promise<Outcome> {
      const { code, stdout, stderr } = await cmaml(home, ...argumentsOf(figure, args))
      expect(stderr).toBe('')
      expect(code).toBe(0)
      return readOutcome(stdout)
    },
  }
}

export function readOutcome(stdout: string): Outcome {
  const lines = jsonLines(stdout)
  return {
    units: lines.filter(({ type }) => type === 'unit') as unknown as Unit[],
    recorded: lines.filter(({ type }) => type === 'recording').length,
    result: lines.at(-1) as unknown as Result,
  }
}

export const states = ({ units }: Outcome) => new Set(units.map(({ state }) => state))

export const fresh = ({ units }: Outcome) =>
  units.filter(({ state }) => state === 'new').map(({ phase, arm }) => `${phase} ${arm}`)

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47])

export function expectFiles({ result }: Outcome, ...ids: string[]): void {
  expect(result.figures.length).toBeGreaterThanOrEqual(ids.length)
  for (const id of ids) {
    const file = (ending: string) => readFileSync(join(result.folder, `${id}.${ending}`))
    expect(file('svg').toString()).toContain('<svg')
    expect(file('png').subarray(0, 4)).toEqual(PNG)
    expect(file('csv').toString().split('\n').length).toBeGreaterThan(2)
  }
  const stored = JSON.parse(readFileSync(join(result.folder, 'study.json'), 'utf8')) as Result
  expect(stored.tables).toEqual(result.tables)
  const csv = readFileSync(join(result.folder, 'tables.csv'), 'utf8')
  for (const { title } of result.tables) expect(csv).toContain(title)
}
