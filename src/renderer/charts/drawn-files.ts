// A drawing as a file: ECharts draws it once more, away from the page.
import { init, type ChartOption } from './echarts.ts'
import type { PlotSize } from './plot-place.ts'

const PNG_SCALE = 2

/** At twice the size of the screen's pixels. */
export async function drawnPng(option: ChartOption, size: PlotSize, paper: string): Promise<Blob> {
  const chart = init(document.createElement('div'), null, size)
  try {
    chart.setOption(option)
    const canvas = chart.renderToCanvas({ pixelRatio: PNG_SCALE, backgroundColor: paper })
    return await new Promise((resolve, reject) => {
      canvas.toBlob(
        (blob) => (blob === null ? reject(new Error('The picture could not be encoded.')) : resolve(blob)),
        'image/png',
      )
    })
  } finally {
    chart.dispose()
  }
}

/** SVG with its words as text. */
export async function drawnSvg(option: ChartOption, size: PlotSize): Promise<string> {
  // Only those who export load it.
  await import('./svg-renderer.ts')
  const chart = init(null, null, { ...size, renderer: 'svg', ssr: true })
  try {
    chart.setOption(option)
    return chart.renderToSVGString()
  } finally {
    chart.dispose()
  }
}

export const svgFile = (svg: string): Blob => new Blob([svg], { type: 'image/svg+xml' })
