/**
 * Answers what it made last while everything that it is made of stays the same: charts draw only what is a new object.
 */
export function kept<Parts extends readonly unknown[], Made>(
  make: (...parts: Parts) => Made,
): (...parts: Parts) => Made {
  let last: { readonly parts: Parts; readonly made: Made } | undefined
  return (...parts) => {
    if (last === undefined || parts.some((part, i) => !Object.is(part, last!.parts[i]))) {
      last = { parts, made: make(...parts) }
    }
    return last.made
  }
}
