import { hostname } from 'node:os'
import { request } from 'node:http'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { exposureWarning, isLoopback, servedNames, shownName } from '../../../src/main/api/hosts.ts'
import { serve } from './served.ts'

test('loopback is known by its addresses, not by names that begin like it', () => {
  expect(['127.0.0.1', '127.1.2.3', 'localhost', '::1'].map(isLoopback)).toEqual([true, true, true, true])
  expect(['0.0.0.0', '::', '192.168.1.7', '127.0.0.1.example', 'localhost.example'].some(isLoopback)).toBe(false)
})

test('a server answers under what it is bound to', () => {
  expect(servedNames('127.0.0.1')).toEqual(['127.0.0.1', 'localhost', '[::1]'])
  expect(servedNames('192.168.1.7')).toEqual(['192.168.1.7'])
  expect(servedNames('FD00::7')).toEqual(['[fd00::7]'])
  expect(servedNames('0.0.0.0')).toEqual(expect.arrayContaining(['127.0.0.1', hostname().toLowerCase()]))
  expect(shownName('localhost')).toBe('127.0.0.1')
  expect(shownName('0.0.0.0')).not.toBe('0.0.0.0')
})

test('serving beyond this machine is warned of in plain words', () => {
  expect(exposureWarning('127.0.0.1', 8000)).toBeUndefined()
  expect(exposureWarning('0.0.0.0', 8000)).toMatch(
    /Other machines can reach .*nothing .*encrypted.*ssh -L 8000:127.0.0.1:8000/,
  )
})

test('bound to every interface, the token and a name of this machine are still needed', async () => {
  const served = await serve({ host: '0.0.0.0' })
  try {
    expect(served.warning).toContain('Other machines can reach')
    const { port } = new URL(served.url)
    const status = async (host: string, path = '/session', headers = {}) => {
      const asked = request({ host: '127.0.0.1', port, path, headers: { Host: host, ...headers } }).end()
      const [response] = await once(asked, 'response')
      response.resume()
      return response.statusCode as number
    }
    const admitted = { Cookie: served.cookie, Authorization: `Bearer ${served.key}` }
    expect(await status(`${hostname()}:${port}`)).toBe(401)
    expect(await status(`${hostname()}:${port}`, '/session', admitted)).toBe(204)
    expect(await status(`studio.example:${port}`, `/${new URL(served.url).search}`)).toBe(403)
    expect(await status(hostname(), '/session', admitted)).toBe(403)
  } finally {
    await served.close()
  }
})

test('a port that is taken, and an address of another machine, are explained', async () => {
  const served = await serve()
  try {
    const { port } = new URL(served.url)
    await expect(serve({ port: Number(port) })).rejects.toThrow(`Port ${port} is in use already`)
  } finally {
    await served.close()
  }
  await expect(serve({ host: '203.0.113.7' })).rejects.toThrow('203.0.113.7 is no address of this machine')
})
