/** HTML that needs nothing else and runs nothing: whoever gets the file may open it without a thought. */
import { createHash } from 'node:crypto'
import type { Cell } from '../../../core/study/figures/tables/table.ts'
import { escapeXml } from '../figures/text.ts'

const STYLE = `
body { margin: 0 auto; padding: 1.5rem; max-width: 60rem; font: 15px/1.5 system-ui, sans-serif; color: #1a1a1a; background: #fff }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 0 0 .5rem } h2 { font-size: 1.2rem; margin: 2rem 0 .5rem }
p, ul { margin: .5rem 0; max-width: 46rem } .quiet { color: #555 } .notes { white-space: pre-wrap }
figure { margin: 1rem 0; overflow-x: auto } figure svg { width: 100%; height: auto }
.table { overflow-x: auto; margin: .5rem 0 } table { border-collapse: collapse; font-size: 13px }
caption { text-align: left; font-weight: 600; padding: .25rem 0 }
th, td { padding: .2rem .6rem; border-bottom: 1px solid #ddd; text-align: left; vertical-align: top }
td.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
@page { margin: 15mm }
@media print {
  body { max-width: none; padding: 0; font-size: 10pt }
  h1, h2, caption { break-after: avoid } figure, tr { break-inside: avoid }
  figure, .table { overflow: visible } table { width: 100%; font-size: 7.5pt }
  th, td { padding: .15rem .3rem } td.number { white-space: normal } td:not(.number) { overflow-wrap: anywhere }
}
`

/** A piece of HTML that is safe to be put into a page: made by these functions only. */
export type Html = string & { readonly safe: unique symbol }

const safe = (text: string): Html => text as Html

export const text = (value: string): Html => safe(escapeXml(value))

export const joined = (parts: readonly Html[], between = '\n'): Html => safe(parts.join(between))

export function element(
  name: 'h1' | 'h2' | 'p' | 'ul' | 'li' | 'figure' | 'section',
  content: Html,
  className?: 'quiet' | 'notes',
): Html {
  return safe(`<${name}${className === undefined ? '' : ` class="${className}"`}>${content}</${name}>`)
}

/**
 * Plots say their font in style attributes, which the page's policy does not apply: the same as attributes of SVG.
 *
 * @param svg of `renderSvg`, which escapes what it draws
 */
export const picture = (svg: string): Html =>
  element(
    'figure',
    safe(svg.replace(/ style="font-size:([^;"]*);font-family:([^;"]*);"/g, ' font-size="$1" font-family="$2"')),
  )

export function table(caption: string, columns: readonly string[], rows: readonly (readonly Cell[])[]): Html {
  const head = columns.map((name) => `<th scope="col">${text(name)}</th>`).join('')
  const body = rows.map((row) => `<tr>${row.map(cell).join('')}</tr>`).join('\n')
  return safe(
    `<div class="table"><table><caption>${text(caption)}</caption>` +
      `<thead><tr>${head}</tr></thead>\n<tbody>${body}</tbody></table></div>`,
  )
}

function cell(value: Cell): string {
  if (typeof value === 'number') return `<td class="number">${text(shownNumber(value))}</td>`
  return `<td>${text(value ?? '')}</td>`
}

/** Four digits: what a table needs; the exact numbers are in the data beside it. */
const shownNumber = (value: number): string =>
  Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)))

/** Nothing is loaded from anywhere, no script runs, and no style but this page's own. */
export function page(title: string, body: Html): string {
  const hash = createHash('sha256').update(STYLE).digest('base64')
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${hash}'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`
}
