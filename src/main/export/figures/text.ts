/** Text in a figure: made safe for XML, measured, wrapped. */

/**
 * The same family in the SVG, the PNG and the measurements. DejaVu Sans comes with the package `dejavu-fonts-ttf`; where
 * a viewer has to take another one, it is narrower, so nothing runs over.
 */
export const FONT_FAMILY = 'DejaVu Sans, Verdana, Arial, sans-serif'
export const INK = '#1a1a1a'

export interface TextStyle {
  /** Pixels; 96 are an inch. */
  readonly size: number
  readonly bold?: boolean
  readonly colour?: string
  readonly anchor?: 'start' | 'middle' | 'end'
  /** Reads upwards, as beside a y axis. */
  readonly upwards?: boolean
}

/** `text` with its baseline starting, centred or ending at (x, y). */
export function drawText(text: string, x: number, y: number, style: TextStyle): string {
  const { size, bold, colour = INK, anchor = 'start', upwards } = style
  const place = upwards
    ? `transform="translate(${fixed(x)} ${fixed(y)}) rotate(-90)"`
    : `x="${fixed(x)}" y="${fixed(y)}"`
  const weight = bold ? ' font-weight="bold"' : ''
  const align = anchor === 'start' ? '' : ` text-anchor="${anchor}"`
  return `<text ${place} font-size="${size}" fill="${colour}"${weight}${align}>${escapeXml(text)}</text>`
}

/** Without what XML has no place for, not even escaped: control characters and lone surrogates. */
export const writable = (text: string): string => text.toWellFormed().replace(/[\p{Cc}\uFFFE\uFFFF]/gu, ' ')

export function escapeXml(text: string): string {
  return writable(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

/** Coordinates to a hundredth of a pixel: the same on every machine, and no file of digits. */
export function fixed(value: number): string {
  return String(Math.round(value * 100) / 100 || 0)
}

/** Advance widths of U+0020 to U+007E in DejaVu Sans 2.37, thousandths of the size. */
// prettier-ignore
const ADVANCES = [
  318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636, 636, 636, 636, 636, 636,
  636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632, 575, 775, 752, 295, 295, 656, 557, 863, 748, 787,
  603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838, 500, 500, 613, 635, 550, 635, 615, 352, 635,
  634, 278, 278, 579, 278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636, 337, 636, 838,
]
/** Plus-minus; Greek and accented letters are narrower. */
const OTHER_ADVANCE = 838
/** From U+2000 on: the ellipsis, ideographs, emoji. */
const WIDE_ADVANCE = 1000
/** The widest common letters of DejaVu Sans Bold against the regular ones. */
const BOLD_FACTOR = 1.14

/** Pixels; never less than what DejaVu Sans needs by more than a few per cent. */
export function textWidth(text: string, { size, bold }: TextStyle): number {
  let sum = 0
  for (const character of text) {
    const code = character.codePointAt(0)!
    sum += ADVANCES[code - 32] ?? (code < 0x2000 ? OTHER_ADVANCE : WIDE_ADVANCE)
  }
  return (sum / 1000) * size * (bold ? BOLD_FACTOR : 1)
}

/** Lines no wider than `width`; a word that is wider alone is cut into pieces. */
export function wrapText(text: string, width: number, style: TextStyle): string[] {
  return text.split(/\r?\n/).flatMap((paragraph) => {
    const lines: string[] = []
    let line = ''
    for (const word of paragraph
      .split(/\s+/)
      .filter(Boolean)
      .flatMap((word) => pieces(word, width, style))) {
      const longer = line === '' ? word : `${line} ${word}`
      if (textWidth(longer, style) <= width) {
        line = longer
      } else {
        lines.push(line)
        line = word
      }
    }
    return line === '' ? lines : [...lines, line]
  })
}

function pieces(word: string, width: number, style: TextStyle): string[] {
  const list: string[] = []
  let piece = ''
  for (const character of word) {
    if (piece !== '' && textWidth(piece + character, style) > width) {
      list.push(piece)
      piece = ''
    }
    piece += character
  }
  return [...list, piece]
}

/** `text`, or as much of it as fits, with an ellipsis. */
export function shortenText(text: string, width: number, style: TextStyle): string {
  if (textWidth(text, style) <= width) return text
  const characters = [...text]
  while (characters.length > 1 && textWidth(`${characters.join('')}…`, style) > width) characters.pop()
  return `${characters.join('').trimEnd()}…`
}
