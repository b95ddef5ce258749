/** Hands a file to the browser, which puts it where downloads go. */
export function saveFile(name: string, blob: Blob): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  // Not at once: the download has to begin before its address goes.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
