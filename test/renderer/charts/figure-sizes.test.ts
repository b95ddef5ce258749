import { expect, it } from 'vitest'
import { FIGURE_PRESETS, PANEL_SIZES, pixelSize } from '../../../src/renderer/charts/figure-sizes.ts'

it('panels and figures have the columns of journals and the slides of 16 to 9', () => {
  expect(PANEL_SIZES.map(pixelSize)).toEqual([
    { width: 321, height: 227 },
    { width: 661, height: 321 },
    { width: 960, height: 540 },
  ])
  expect(pixelSize(FIGURE_PRESETS[2]!)).toEqual({ width: 1280, height: 720 })
})
