/** A problem in words as a sentence of its own; one that ends with a question has its mark. */
export const sentence = (words: string): string =>
  `${words.charAt(0).toUpperCase()}${words.slice(1)}${words.endsWith('?') ? '' : '.'}`
