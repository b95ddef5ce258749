import { join } from 'node:path'
import type { Figure } from '../../../core/study/figure-data.ts'
import { makeFolder } from '../../make-folder.ts'
import { writeWhole } from '../files.ts'
import { renderCsv } from './csv.ts'
import { renderPng } from './png.ts'
import { renderSvg } from './svg.ts'

export interface FigureFiles {
  readonly svg: string
  readonly png: string
  readonly csv: string
}

/** Writes `<id>.svg`, `<id>.png` and `<id>.csv` into `folder`, each whole or not at all; returns their paths. */
export function writeFigure(figure: Figure, folder: string): FigureFiles {
  const svg = renderSvg(figure)
  const png = renderPng(svg)
  const csv = renderCsv(figure)

  const file = (ending: string) => join(folder, `${figure.id}.${ending}`)
  const files = { svg: file('svg'), png: file('png'), csv: file('csv') }
  makeFolder(folder)
  const encoder = new TextEncoder()
  writeWhole(files.svg, encoder.encode(svg))
  writeWhole(files.png, png)
  writeWhole(files.csv, encoder.encode(csv))
  return files
}
