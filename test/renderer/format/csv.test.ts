import { describe, expect, it } from 'vitest'
import { csvText } from '../../../src/renderer/format/csv.ts'

describe('CSV', () => {
  it('quotes what needs it and ends every line, by RFC 4180', () => {
    expect(
      csvText([
        ['name', 'say "x"'],
        ['two\nlines', -1.5],
      ]),
    ).toBe('name,"say ""x"""\r\n"two\nlines",-1.5\r\n')
  })

  it('leaves what is missing empty', () => {
    expect(csvText([[1, NaN, null, '']])).toBe('1,,,\r\n')
  })

  it('holds no formula that a spreadsheet would run; numbers stay numbers', () => {
    expect(csvText([['=1+1', '@cmd', -1]])).toBe("'=1+1,'@cmd,-1\r\n")
  })
})
