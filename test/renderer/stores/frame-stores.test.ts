import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, test } from 'vitest'
import { effectScope, ref } from 'vue'
import { useCommands } from '../../../src/renderer/stores/commands.ts'
import { useDialogs } from '../../../src/renderer/stores/dialogs.ts'
import { useToasts } from '../../../src/renderer/stores/toasts.ts'

beforeEach(() => setActivePinia(createPinia()))

describe('commands', () => {
  test('run by their id when they can, and are remembered as recent', () => {
    const store = useCommands()
    const selected = ref(false)
    const done: string[] = []
    store.register(
      { id: 'a', title: 'A', group: 'G', run: () => done.push('a') },
      { id: 'b', title: 'B', group: 'G', when: () => selected.value, run: () => done.push('b') },
    )
    expect(store.available.map(({ id }) => id)).toEqual(['a'])
    expect([store.run('a'), store.run('b'), store.run('c')]).toEqual([true, false, false])
    selected.value = true
    expect(store.run('b')).toBe(true)
    store.run('a')
    expect(done).toEqual(['a', 'b', 'a'])
    expect(store.recent).toEqual(['a', 'b'])
  })

  test('go with the component that registered them', () => {
    const store = useCommands()
    const scope = effectScope()
    scope.run(() => store.register({ id: 'a', title: 'A', group: 'G', run: () => {} }))
    const remove = store.register({ id: 'b', title: 'B', group: 'G', run: () => {} })
    scope.stop()
    expect(store.registered.map(({ id }) => id)).toEqual(['b'])
    remove()
    expect(store.registered).toEqual([])
  })

  test('an id is taken once', () => {
    const store = useCommands()
    const command = { id: 'a', title: 'A', group: 'G', run: () => {} }
    store.register(command)
    expect(() => store.register(command)).toThrow('two commands a')
  })
})

describe('questions', () => {
  test('wait for each other and get their own answers', async () => {
    const store = useDialogs()
    const question = { text: '', confirm: 'Yes' }
    const answers = [store.confirm({ ...question, title: 'first' }), store.confirm({ ...question, title: 'second' })]
    expect(store.current?.title).toBe('first')
    store.answer(true)
    expect(store.current?.title).toBe('second')
    store.answer(false)
    expect(store.current).toBeUndefined()
    expect(await Promise.all(answers)).toEqual([true, false])
  })

  test('close as cancelled once there is nothing left to decide, also before they are shown', async () => {
    const store = useDialogs()
    const hasEnded = ref(false)
    const question = { text: '', confirm: 'Yes', isMoot: () => hasEnded.value }
    const answers = [store.confirm({ ...question, title: 'shown' }), store.confirm({ ...question, title: 'waits' })]
    expect(store.current?.title).toBe('shown')
    hasEnded.value = true
    expect(store.current).toBeUndefined()
    answers.push(store.confirm({ ...question, title: 'late' }))
    expect(await Promise.all(answers)).toEqual([false, false, false])
  })
})

describe('toasts', () => {
  test('either the action is taken or the time is over, never both', () => {
    const store = useToasts()
    const done: string[] = []
    const message = {
      text: 'Run deleted',
      action: { label: 'Undo', run: () => done.push('undone') },
      onExpire: () => done.push('final'),
    }
    const first = store.show(message)
    store.act(first)
    store.close(first)
    store.close(store.show(message))
    expect(done).toEqual(['undone', 'final'])
    expect(store.toasts).toEqual([])
  })

  test('failures stay until they are closed, and repeated ones are counted', () => {
    const store = useToasts()
    const ids = [1, 2, 3].map(() => store.show({ tone: 'alarm', text: 'Something failed', detail: 'x' }))
    store.show({ tone: 'alarm', text: 'Something failed', detail: 'y' })
    expect(new Set(ids).size).toBe(1)
    expect(store.toasts.map(({ count, seconds }) => [count, seconds])).toEqual([
      [3, Infinity],
      [1, Infinity],
    ])
  })

  test('failures go with the screen that they are about, but for those that can be acted on', () => {
    const store = useToasts()
    store.show({ tone: 'alarm', text: 'Could not stop' })
    store.show({ tone: 'alarm', text: 'A run failed', action: { label: 'Open', run: () => {} } })
    store.show({ tone: 'ok', text: 'B started' })
    store.leaveScreen()
    expect(store.toasts.map(({ text }) => text)).toEqual(['A run failed', 'B started'])
  })

  test('the oldest makes room, and what it put off is done', () => {
    const store = useToasts()
    const done: number[] = []
    for (let i = 0; i < 7; i++) store.show({ text: `${i}`, onExpire: () => done.push(i) })
    expect(store.toasts.map(({ text }) => text)).toEqual(['2', '3', '4', '5', '6'])
    expect(done).toEqual([0, 1])
  })
})
