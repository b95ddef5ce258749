import { onScopeDispose, ref, shallowRef } from 'vue'
import type { EngineKind, EnginesState } from '../../main/api/contract.ts'
import { client, follow } from '../api/client.ts'
import { messageOf } from '../shell/report.ts'

/** The engines of the machine behind the page, kept up to date while somebody looks at them, and what can be done. */
export function useEngines() {
  /** undefined until it has come once. */
  const state = shallowRef<EnginesState>()
  /** Why it is not kept up to date. */
  const problem = ref<string>()
  /** Why the last wish was refused. */
  const refusal = ref<string>()
  const gone = new AbortController()
  onScopeDispose(() => gone.abort())

  async function watch(): Promise<void> {
    problem.value = undefined
    try {
      await follow(
        (_, signal) => client.engines.watch(undefined, { signal }),
        (next) => void (state.value = next),
        gone.signal,
      )
      if (!gone.signal.aborted) problem.value = 'C-MAML Studio has stopped telling about its engines.'
    } catch (error) {
      problem.value = messageOf(error)
    }
  }
  void watch()

  async function ask(wish: () => Promise<void>): Promise<void> {
    refusal.value = undefined
    try {
      await wish()
    } catch (error) {
      refusal.value = messageOf(error)
    }
  }
  return {
    ...{ state, problem, refusal },
    retry: () => void watch(),
    measure: () => ask(() => client.engines.measure()),
    cancelMeasurement: () => ask(() => client.engines.cancelMeasurement()),
    install: (kind: EngineKind) => ask(() => client.engines.install({ kind })),
    cancelInstallation: () => ask(() => client.engines.cancelInstallation()),
  }
}
