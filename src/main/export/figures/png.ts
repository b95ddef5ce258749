import { Resvg } from '@resvg/resvg-js'
import { createRequire } from 'node:module'

/** 192 dots per inch at the printed width. */
const SCALE = 2

// Not called `require`: the bundler adds one of that name where it sees it used.
const { resolve } = createRequire(import.meta.url)

/** Fonts of our own: a bare machine has none, and the same figure has to look the same everywhere. */
const fontFiles = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'].map((file) =>
  outsideArchive(resolve(`dejavu-fonts-ttf/ttf/${file}`)),
)

/** In an installed app resvg, which is native, cannot read from Electron's archive; the fonts lie unpacked beside it. */
function outsideArchive(file: string): string {
  return file.replace(/([\\/])app\.asar([\\/])/, '$1app.asar.unpacked$2')
}

/** A PNG of an SVG, twice as many pixels wide. */
export function renderPng(svg: string): Uint8Array {
  const image = new Resvg(svg, {
    background: '#ffffff',
    fitTo: { mode: 'zoom', value: SCALE },
    font: { loadSystemFonts: false, fontFiles, defaultFontFamily: 'DejaVu Sans' },
  })
  return image.render().asPng()
}
