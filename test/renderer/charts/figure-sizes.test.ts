import { expect, it } from 'vitest'
import {
  figurePixels,
  FIGURE_PRESETS,
  millimetres,
  PANEL_SIZES,
  pixelSize,
} from '../../../src/renderer/charts/figure-sizes.ts'

it('panels and figures have the columns of journals and the slides of 16 to 9', () => {
  expect(PANEL_SIZES.map(pixelSize)).toEqual([
    { width: 321, height: 227 },
    { width: 661, height: 321 },
    { width: 960, height: 540 },
  ])
  expect(pixelSize(FIGURE_PRESETS[2]!)).toEqual({ width: 1280, height: 720 })
})

it('a figure is higher where its words would leave the plots no room, a slide never', () => {
  const [, double, slide] = FIGURE_PRESETS
  expect(figurePixels(double!, 150)).toEqual(pixelSize(double!))
  expect(figurePixels(double!, 240)).toEqual({ width: 661, height: 427 })
  expect(figurePixels(slide!, 700)).toEqual(pixelSize(slide!))
  expect(millimetres(661)).toBeCloseTo(174.89, 2)
})
