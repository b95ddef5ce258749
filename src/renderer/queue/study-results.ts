// The files of a study as its dialog shows them.
import type { StudyResults } from '../../main/api/contract.ts'

export interface ResultGroup {
  /** Name of a figure, or what the files without one are. */
  readonly name: string
  /** The file to show. */
  readonly picture: string | null
  readonly files: readonly { readonly name: string; readonly label: string; readonly size: number }[]
}

const BESIDE_FIGURES: ReadonlySet<string> = new Set(['tables', 'study'])

/** The formats of a figure under its name; tables and settings after the figures. */
export function resultGroups(files: StudyResults['files']): ResultGroup[] {
  const parts = files.map(({ name, size }) => {
    const [, stem = name, extension = ''] = /^(.*)\.([a-z]+)$/.exec(name) ?? []
    return { name, size, stem, extension }
  })
  const figures = Map.groupBy(
    parts.filter(({ stem }) => !BESIDE_FIGURES.has(stem)),
    ({ stem }) => stem,
  )
  const groups = [...figures].map(([stem, of]): ResultGroup => ({
    name: stem.replaceAll('-', ' ').replace(/^./, (first) => first.toUpperCase()),
    picture: of.find(({ extension }) => extension === 'png')?.name ?? null,
    files: of.map(({ name, size, extension }) => ({ name, size, label: extension.toUpperCase() })),
  }))
  const others = parts.filter(({ stem }) => BESIDE_FIGURES.has(stem))
  if (others.length === 0) return groups
  return [
    ...groups,
    {
      name: 'Tables and settings',
      picture: null,
      files: others.map(({ name, size }) => ({ name, size, label: name })),
    },
  ]
}

/** An address that an image can show: of files made here, the page's policy lets in data only. */
export function pictureUrl(png: Uint8Array): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const reader = new FileReader()
  reader.addEventListener('load', () => resolve(reader.result as string))
  reader.addEventListener('error', () => reject(new Error('The figure cannot be shown.')))
  reader.readAsDataURL(new Blob([png as Uint8Array<ArrayBuffer>], { type: 'image/png' }))
  return promise
}
