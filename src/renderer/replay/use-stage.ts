import { onScopeDispose, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import type { Stage, StageFacts } from './scene/stage.ts'

export type StageState =
  | { readonly kind: 'none' }
  | { readonly kind: 'loading' }
  | { readonly kind: 'ready'; readonly stage: Stage & StageFacts }
  /** No WebGL here. */
  | { readonly kind: 'failed'; readonly reason: string }

/** The 3D stage, made when it is first wanted and freed when it no longer is; its code is loaded only then. */
export function useStage(wanted: Ref<boolean>): Readonly<ShallowRef<StageState>> {
  const state = shallowRef<StageState>({ kind: 'none' })
  const free = () => {
    if (state.value.kind === 'ready') state.value.stage.dispose()
  }
  watch(
    wanted,
    async (isWanted) => {
      free()
      state.value = { kind: isWanted ? 'loading' : 'none' }
      if (!isWanted) return
      const made = await makeStage()
      // It may have been closed while its code came.
      if (!wanted.value || state.value.kind !== 'loading') return made.kind === 'ready' && made.stage.dispose()
      state.value = made
    },
    { immediate: true },
  )
  onScopeDispose(() => {
    free()
    state.value = { kind: 'none' }
  })
  return state
}

async function makeStage(): Promise<StageState> {
  if (!hasWebGl()) return { kind: 'failed', reason: 'This browser or graphics driver offers no WebGL 2.' }
  const { createStage } = await import('./scene/stage.ts')
  try {
    return { kind: 'ready', stage: createStage() }
  } catch (error) {
    return { kind: 'failed', reason: error instanceof Error ? error.message : String(error) }
  }
}

function hasWebGl(): boolean {
  const context = document.createElement('canvas').getContext('webgl2')
  context?.getExtension('WEBGL_lose_context')?.loseContext()
  return context !== null
}
