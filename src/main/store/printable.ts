/** Texts as terminals may show them: what a database or a bundle holds may have been written by anybody. */

/** Control and format characters (a terminal obeys some of them), surrogates without a partner, line separators. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u
const EVERY_UNPRINTABLE = new RegExp(UNPRINTABLE, 'gu')

/** Whether a terminal shows every character of the text and obeys none. */
export const isPrintable = (text: string): boolean => !UNPRINTABLE.test(text)

/** The text on one line, with every character that a terminal might obey instead of show replaced. */
export const printable = (text: string): string => text.replace(/[\t\r\n]+/g, ' ').replace(EVERY_UNPRINTABLE, '\uFFFD')

/** The same line by line. */
export const printableLines = (text: string): string => text.split(/\r?\n/).map(printable).join('\n')

/** What a check says of a text that is not printable. */
export const UNPRINTABLE_TEXT = 'has characters that cannot be shown'
