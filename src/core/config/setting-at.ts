/** What is written at a dotted path, e.g. `meta.lambda.initial`; undefined where nothing is. A list is one value. */
export function settingAt(settings: unknown, path: string): unknown {
  let node = settings
  for (const key of path.split('.')) {
    if (typeof node !== 'object' || node === null || Array.isArray(node) || !Object.hasOwn(node, key)) return undefined
    node = (node as Record<string, unknown>)[key]
  }
  return node
}
