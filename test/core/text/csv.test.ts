import { describe, expect, it } from 'vitest'
import { csvText, harmless } from '../../../src/core/text/csv.ts'

describe('CSV', () => {
  it('quotes what needs it and ends every line, by RFC 4180', () => {
    const rows = [
      ['name', 'say "x"'],
      ['two\nlines', -1.5],
    ]
    expect(csvText(rows, '\r\n')).toBe('name,"say ""x"""\r\n"two\nlines",-1.5\r\n')
    expect(csvText(rows, '\n')).toBe('name,"say ""x"""\n"two\nlines",-1.5\n')
  })

  it('leaves what is missing empty', () => {
    expect(csvText([[1, NaN, null, undefined, '']], '\n')).toBe('1,,,,\n')
  })

  it('writes numbers that read back as the same bits', () => {
    const numbers = [-0, 0.1 + 0.2, -1e-300, Infinity, 2 ** 53]
    const read = csvText([numbers], '\n').trim().split(',').map(Number)
    expect(read).toEqual(numbers)
    expect(Object.is(read[0], -0)).toBe(true)
  })

  it.each(['=1+1', '+1', '-1', '@cmd', '\t=1', '\r=1', '\n=1', '\uFF1D1', '\uFF0B1', '\uFF0D1', '\uFF201'])(
    'lets no spreadsheet compute the text %j',
    (text) => {
      expect(harmless(text)).toBe(`'${text}`)
      expect(csvText([[text, -1]], '\n')).toContain(`'${text}`)
    },
  )

  it('lets numbers and harmless texts be', () => {
    expect(csvText([[-1, 1, 'a=b', "'=1"]], '\n')).toBe("-1,1,a=b,'=1\n")
  })
})
