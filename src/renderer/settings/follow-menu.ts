import { onScopeDispose } from 'vue'
import { useRouter } from 'vue-router'
import type { ApiClient } from '../../main/api/contract.ts'
import { client, follow } from '../api/client.ts'
import { runPath } from '../queue/jobs.ts'
import { useCommands } from '../stores/commands.ts'
import { useToasts } from '../stores/toasts.ts'

type MenuCommands = Awaited<ReturnType<ApiClient['app']['menu']>>

/** Does what is chosen in the native menu and in notifications, while the frame lives. */
export function useMenu(): void {
  const commands = useCommands()
  const toasts = useToasts()
  const router = useRouter()
  const stop = new AbortController()
  onScopeDispose(() => stop.abort())

  commands.register({
    id: 'help.about',
    title: 'About C-MAML Studio',
    group: 'Help',
    words: 'version licence license',
    run: () => router.push({ path: '/settings', query: { section: 'about' } }),
  })

  void follow(
    async (_, signal) => withoutCursor(await client.app.menu(undefined, { signal })),
    ({ command, argument }) => {
      if (command === 'runs.open' && argument !== undefined) void router.push(runPath(argument))
      else if (!commands.run(command)) toasts.show({ text: 'This cannot be done on this screen' })
    },
    stop.signal,
  )
}

/** A choice that was made while nobody listened is not repeated: the stream has no place to go on from. */
async function* withoutCursor(items: MenuCommands) {
  for await (const item of items) yield { ...item, cursor: null }
}
