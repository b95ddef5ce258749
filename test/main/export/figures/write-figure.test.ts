import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { renderCsv } from '../../../../src/main/export/figures/csv.ts'
import { renderSvg } from '../../../../src/main/export/figures/svg.ts'
import { writeFigure } from '../../../../src/main/export/figures/write-figure.ts'
import { temporaryFolder } from '../../store/fixtures.ts'
import { curves, figure, series } from './figures.ts'

it('writes SVG, PNG and CSV into a new folder, and over what was there', () => {
  const folder = join(temporaryFolder(), 'study', 'figures')
  const drawn = figure(curves())
  writeFigure({ ...drawn, title: 'Before' }, folder)
  const files = writeFigure(drawn, folder)
  expect(files).toEqual({
    svg: join(folder, 'figure-4.svg'),
    png: join(folder, 'figure-4.png'),
    csv: join(folder, 'figure-4.csv'),
  })
  expect(readdirSync(folder).sort()).toEqual(['figure-4.csv', 'figure-4.png', 'figure-4.svg'])
  expect(readFileSync(files.svg, 'utf8')).toBe(renderSvg(drawn))
  expect(readFileSync(files.csv, 'utf8')).toBe(renderCsv(drawn))
  expect(readFileSync(files.png).subarray(1, 4).toString()).toBe('PNG')
})

it('writes nothing where the data are wrong or the folder is a file', () => {
  const folder = temporaryFolder()
  expect(() => writeFigure(figure(curves({ series: [series({ mean: [] })] })), folder)).toThrow(RangeError)
  expect(readdirSync(folder)).toEqual([])
  writeFileSync(join(folder, 'taken'), '')
  expect(() => writeFigure(figure(curves()), join(folder, 'taken'))).toThrow(/folder .*taken cannot be made/)
})
