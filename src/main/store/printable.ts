/** Texts as terminals may show them: what a database or a bundle holds may have been written by anybody. */

import { UNPRINTABLE } from '../../core/text/printable.ts'

export { isPrintable } from '../../core/text/printable.ts'

const EVERY_UNPRINTABLE = new RegExp(UNPRINTABLE, 'gu')

/** The text on one line, with every character that a terminal might obey instead of show replaced. */
export const printable = (text: string): string => text.replace(/[\t\r\n]+/g, ' ').replace(EVERY_UNPRINTABLE, '\uFFFD')

/** The same line by line. */
export const printableLines = (text: string): string => text.split(/\r?\n/).map(printable).join('\n')

/** What a check says of a text that is not printable. */
export const UNPRINTABLE_TEXT = 'has characters that cannot be shown'
