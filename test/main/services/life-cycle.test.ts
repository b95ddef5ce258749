import { expect, it } from 'vitest'
import { startServices, type Service } from '../../../src/main/services/life-cycle.ts'

/** Services that write down what happens to them. */
function recording(events: string[]) {
  return (name: string, needs: readonly string[] = [], fails: 'start' | 'stop' | null = null): Service => {
    const does = (what: 'start' | 'stop') => () => {
      events.push(`${what} ${name}`)
      return fails === what ? Promise.reject(new Error(`${name} does not ${what}`)) : Promise.resolve()
    }
    return { name, needs, start: does('start'), stop: does('stop') }
  }
}

it('starts services after what they need, and stops them in reverse, once', async () => {
  const events: string[] = []
  const service = recording(events)
  const running = await startServices([
    service('feeds', ['jobs', 'store']),
    service('jobs', ['store', 'preferences']),
    service('log'),
    service('store'),
    service('preferences'),
  ])
  expect(running.names).toEqual(['store', 'preferences', 'jobs', 'feeds', 'log'])
  await running.stop()
  await running.stop()
  expect(events.slice(5)).toEqual(['stop log', 'stop feeds', 'stop jobs', 'stop preferences', 'stop store'])
})

it('stops what was started when one cannot start, and says why it could not', async () => {
  const events: string[] = []
  const service = recording(events)
  const services = [
    service('store'),
    service('preferences', [], 'stop'),
    service('jobs', [], 'start'),
    service('feeds'),
  ]
  const error = await startServices(services).catch((reason: unknown) => reason)
  expect(events).toEqual(['start store', 'start preferences', 'start jobs', 'stop preferences', 'stop store'])
  expect(error).toMatchObject({ message: 'jobs does not start' })
  expect((error as AggregateError).errors.map(String)).toEqual([
    'Error: jobs does not start',
    'Error: preferences does not stop',
  ])
})

it('stops the others when one does not stop', async () => {
  const events: string[] = []
  const service = recording(events)
  const running = await startServices([service('store'), service('jobs', ['store'], 'stop')])
  await expect(running.stop()).rejects.toThrow('jobs does not stop')
  expect(events.slice(2)).toEqual(['stop jobs', 'stop store'])
})

it('refuses needs that cannot be met', async () => {
  const service = recording([])
  await expect(startServices([service('jobs', ['store'])])).rejects.toThrow('needs store')
  await expect(startServices([service('a', ['b']), service('b', ['a'])])).rejects.toThrow('a -> b -> a')
  await expect(startServices([service('a'), service('a')])).rejects.toThrow('same name')
})
