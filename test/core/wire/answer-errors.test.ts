import { describe, expect, it } from 'vitest'
import { exchangeErrors, exchangeStreamErrors } from '../../../src/core/wire/answer-errors.ts'

const exchange = (error: unknown) => new Error(`exchanged: ${(error as Error).message}`)

async function* twoThenGone() {
  yield 1
  yield await Promise.resolve(2)
  throw new Error('gone')
}

describe('errors of answers', () => {
  it('are exchanged where a call fails, also before it has begun', async () => {
    const broken = exchangeErrors(() => {
      throw new Error('broken')
    }, exchange)
    await expect(broken).rejects.toThrow('exchanged: broken')
    await expect(exchangeErrors(() => Promise.reject(new Error('gone')), exchange)).rejects.toThrow('exchanged: gone')
    expect(await exchangeErrors(() => Promise.resolve(7), exchange)).toBe(7)
  })

  it('are exchanged where a stream fails later', async () => {
    const seen: number[] = []
    const read = async () => {
      for await (const item of await exchangeErrors(() => Promise.resolve(twoThenGone()), exchange)) seen.push(item)
    }
    await expect(read()).rejects.toThrow('exchanged: gone')
    expect(seen).toEqual([1, 2])
  })

  it('let a reader leave a stream whose next item never comes', async () => {
    let left = false
    const stream = exchangeStreamErrors(
      {
        next: () => new Promise<IteratorResult<number>>(() => {}),
        return: () => {
          left = true
          return Promise.resolve({ done: true as const, value: undefined })
        },
        [Symbol.asyncIterator]() {
          return this
        },
      },
      exchange,
    )
    void stream.next()
    expect(await stream.return()).toEqual({ done: true, value: undefined })
    expect(left).toBe(true)
  })
})
