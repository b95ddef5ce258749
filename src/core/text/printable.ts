/** Control and format characters (a terminal obeys some of them), surrogates without a partner, line separators. */
export const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u

/** Whether a terminal shows every character of the text and obeys none. */
export const isPrintable = (text: string): boolean => !UNPRINTABLE.test(text)
