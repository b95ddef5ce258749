/** A title as the name of a file, without its ending. */
export const fileNameOf = (title: string): string =>
  title
    .trim()
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')

/** Hands a file to the browser's downloads. */
export function saveFile(name: string, content: Blob): void {
  const url = URL.createObjectURL(content)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // Not at once: the download has to begin before its address goes.
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}
