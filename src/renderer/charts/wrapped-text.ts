// Text in lines of a picture, which wraps none by itself.
import { format } from 'echarts/core'

/** Pixels of text in a CSS font. */
export const ruler =
  (font: string) =>
  (text: string): number =>
    format.getTextRect(text, font).width

/** Text in lines that are no wider than `room`, each paragraph on its own; a word is never parted. */
export function wrap(text: string, room: number, widthOf: (text: string) => number): string[] {
  return text.split('\n').flatMap((paragraph) => {
    const lines = ['']
    // Spaces that hold words together stay.
    for (const word of paragraph.trim().split(/[ \t]+/)) {
      const longer = lines.at(-1) === '' ? word : `${lines.at(-1)} ${word}`
      if (lines.at(-1) === '' || widthOf(longer) <= room) lines[lines.length - 1] = longer
      else lines.push(word)
    }
    return lines
  })
}
