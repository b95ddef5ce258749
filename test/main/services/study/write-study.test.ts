import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { prepareFolder, tablesCsv } from '../../../../src/main/services/study/write-study.ts'
import { temporaryFolder } from '../../store/fixtures.ts'

const order = { study: 'figure-4', scale: 'smoke' } as const

it('writes into new and empty folders, and again into those of the same order', () => {
  const folder = join(temporaryFolder(), 'new')
  prepareFolder(folder, order, false)
  expect(existsSync(folder)).toBe(true)
  writeFileSync(join(folder, '.DS_Store'), '')
  prepareFolder(folder, order, false)
  writeFileSync(join(folder, 'study.json'), JSON.stringify({ study: 'figure-4', request: order }))
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

it('parts tables by an empty line, and lets no spreadsheet compute a name', () => {
  const named = { title: '=cost', columns: ['@arm', 'cost'], rows: [['+C-MAML, "mine"', -1.5]], notes: ['N = 3'] }
  const empty = { title: 'cost', columns: ['arm'], rows: [[null]], notes: [] }
  expect(tablesCsv([named, empty])).toBe(
    `'=cost\n'@arm,cost\n"'+C-MAML, ""mine""",-1.5\nN = 3\n` + '\n' + 'cost\narm\n\n',
  )
})
