const LONGEST = 80

/** The name as it is, or with the next number that no other one has: two of a name could not be told apart in the list. */
export function freeName(name: string, taken: readonly string[]): string {
  if (!taken.includes(name)) return name
  const base = name.replace(/ \(\d+\)$/, '')
  for (let number = 2; ; number++) {
    const end = ` (${number})`
    const numbered = `${base.slice(0, LONGEST - end.length)}${end}`
    if (!taken.includes(numbered)) return numbered
  }
}
