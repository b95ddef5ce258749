import { Resvg } from '@resvg/resvg-js'
import { expect, it } from 'vitest'
import { renderPng } from '../../../../src/main/export/figures/png.ts'
import { renderSvg } from '../../../../src/main/export/figures/svg.ts'
import { textWidth } from '../../../../src/main/export/figures/text.ts'
import { curves, figure, layouts } from './figures.ts'

/** Pixels of a PNG, RGBA, by showing it in an SVG of its size. */
function decode(png: Uint8Array): { width: number; height: number; pixels: Uint8Array } {
  const view = new DataView(png.buffer, png.byteOffset)
  const [width, height] = [view.getUint32(16), view.getUint32(20)]
  const image = `<image width="${width}" height="${height}" href="data:image/png;base64,${Buffer.from(png).toString('base64')}"/>`
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${image}</svg>`
  return { width, height, pixels: new Resvg(svg, { font: { loadSystemFonts: false } }).render().pixels }
}

function countPixels(pixels: Uint8Array, is: (r: number, g: number, b: number) => boolean): number {
  let count = 0
  for (let i = 0; i < pixels.length; i += 4) if (is(pixels[i]!, pixels[i + 1]!, pixels[i + 2]!)) count++
  return count
}

it('a PNG has twice the size of its SVG, a white ground, curves and words', () => {
  const svg = renderSvg(figure(curves()))
  const [, svgHeight] = /height="(\d+)"/.exec(svg)!
  const { width, height, pixels } = decode(renderPng(svg))
  expect([width, height]).toEqual([1284, 2 * Number(svgHeight)])
  expect([...pixels.subarray(0, 4)]).toEqual([255, 255, 255, 255])
  expect(countPixels(pixels, (r, g, b) => r === 0 && g === 0x72 && b === 0xb2)).toBeGreaterThan(500)
  // The title alone is in the first 30 of the SVG's pixels: without a font they would be white.
  const title = pixels.subarray(0, 4 * width * 56)
  expect(countPixels(title, (r, g, b) => r + g + b < 150)).toBeGreaterThan(1000)
})

it('the widths that lay out a figure are those of its font', () => {
  for (const text of ['pre-trained (TRPO-Lag)', 'cost limit d = 5', '1.25M', 'Wimmelbild {x|y} @ 100%'])
    for (const bold of [false, true]) {
      const style = { size: 20, bold }
      const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="900" height="60"><text x="10" y="40" font-size="20" font-family="DejaVu Sans" font-weight="${bold ? 'bold' : 'normal'}">${text}</text></svg>`
      const { width, pixels } = decode(renderPng(svg))
      let right = 0
      for (let i = 0; i < pixels.length; i += 4) if (pixels[i]! < 128) right = Math.max(right, (i / 4) % width)
      const drawn = right / 2 - 10
      expect(drawn).toBeLessThan(textWidth(text, style) * 1.02)
      expect(drawn).toBeGreaterThan(textWidth(text, style) * 0.88)
    }
})

it('117 layouts are drawn in full', () => {
  const { pixels } = decode(renderPng(renderSvg(figure(layouts))))
  // Goals of 117 maps: the fill of each alone has more than a hundred pixels.
  expect(countPixels(pixels, (r, g, b) => r === 0xd9 && g === 0xef && b === 0xc2)).toBeGreaterThan(117 * 100)
})
