import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { planFromOrder, type StudyOrder } from '../../../../src/main/services/study/prepare.ts'
import { storedRuns } from '../../../../src/main/services/study/matching.ts'
import { collectStudy } from '../../../../src/main/services/study/collect-study.ts'
import { currentSoftware } from '../../../../src/main/services/study/software.ts'
import {
  obstacleIn,
  prepareFolder,
  tablesCsv,
  writeStudy,
  writtenFiles,
  type OrderedPlan,
} from '../../../../src/main/services/study/write-study.ts'
import { temporaryFolder, testStore } from '../../store/fixtures.ts'

const asked = (changes: Partial<StudyOrder> = {}): OrderedPlan => {
  const order = { study: 'figure-4', scale: 'smoke', ...changes }
  return { order, plan: planFromOrder(order) }
}
const order = asked()

it('writes into new and empty folders, and again into those of the same order', () => {
  const folder = join(temporaryFolder(), 'new')
  prepareFolder(folder, order, false)
  expect(existsSync(folder)).toBe(true)
  writeFileSync(join(folder, '.DS_Store'), '')
  prepareFolder(folder, order, false)
  writeFileSync(join(folder, 'study.json'), JSON.stringify({ study: 'figure-4', request: order.order }))
  prepareFolder(folder, order, false)
})

it('writes into a folder with files of others only by force', () => {
  const folder = temporaryFolder()
  mkdirSync(join(folder, 'photographs'))
  const refused = /files that are not a study's.*--out.*--force/
  expect(() => prepareFolder(folder, order, false)).toThrow(refused)
  writeFileSync(join(folder, 'study.json'), '{"name": "of another program"}')
  expect(() => prepareFolder(folder, order, false)).toThrow(refused)
  prepareFolder(folder, order, true)
})

it('compares what is computed, not the words that ask for it', async () => {
  const folder = temporaryFolder()
  const [words, same] = [asked({ study: 'figure-12', seeds: [1, 2] }), asked({ study: 'figure-12' })]
  const store = await testStore()
  const { plan } = words
  const study = { store, plan, given: new Map(), runs: storedRuns(store, currentSoftware(plan.config)) }
  writeStudy(study, collectStudy(study), words.order, folder)
  for (const again of [words, same, asked({ study: 'figure-12', set: ['meta.kl=0.03'] })]) {
    expect(obstacleIn(folder, again)).toBeNull()
    expect(writtenFiles(folder, again)).toContain('tables.csv')
  }
  for (const changes of [{ seeds: [1] }, { set: ['meta.kl=0.04'] }, { tasks: [7] }, { study: 'tasks' }]) {
    const other = asked({ study: 'figure-12', ...changes })
    expect(obstacleIn(folder, other)).toMatch(/results of another order, \{"study":"figure-12".*--force/)
    expect(writtenFiles(folder, other)).toEqual([])
  }
  // Which checkpoint stands in for an arm is not the plan's to say.
  const given = { ...same, order: { ...same.order, init: ['c-maml=other'] } }
  expect(obstacleIn(folder, given)).not.toBeNull()
})

it('parts tables by an empty line, and lets no spreadsheet compute a name', () => {
  const named = { title: '=cost', columns: ['@arm', 'cost'], rows: [['+C-MAML, "mine"', -1.5]], notes: ['N = 3'] }
  const empty = { title: 'cost', columns: ['arm'], rows: [[null]], notes: [] }
  expect(tablesCsv([named, empty])).toBe(
    `'=cost\n'@arm,cost\n"'+C-MAML, ""mine""",-1.5\nN = 3\n` + '\n' + 'cost\narm\n\n',
  )
})
