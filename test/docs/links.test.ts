import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')
const documents = globSync(['*.md', 'docs/**/*.md', 'test/**/*.md', 'bench/**/*.md'], { cwd: ROOT })

/** Files that a document links or shows, relative to the root; addresses of the web left out. */
function targetsOf(document: string): string[] {
  const text = readFileSync(join(ROOT, document), 'utf8')
  return [...text.matchAll(/\]\(([^)\s]+)\)|(?:src|srcset)="([^"]+)"/g)]
    .map(([, link, picture]) => (link ?? picture)!.split('#')[0]!)
    .filter((target) => target !== '' && !/^[a-z]+:/.test(target))
    .map((target) => relative(ROOT, join(ROOT, dirname(document), target)))
}

describe('the documents', () => {
  it.each(documents)('%s links only what is there', (document) => {
    expect(targetsOf(document).filter((target) => !existsSync(join(ROOT, target)))).toEqual([])
  })

  it('show every picture that is kept for them', () => {
    const shown = new Set(documents.flatMap(targetsOf))
    const pictures = globSync('docs/images/**/*.png', { cwd: ROOT })
    expect(pictures.length).toBeGreaterThan(60)
    expect(pictures.filter((picture) => !shown.has(picture))).toEqual([])
  })
})
