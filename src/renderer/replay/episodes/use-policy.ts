/** Whose policy is to act: a run, and of a training one of its checkpoints; or a checkpoint without its run. */
import { computed, ref, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import type { RunConfig } from '../../../core/config/settings.ts'
import type { ImportedCheckpoint, RunDetail } from '../../../main/api/contract.ts'
import { client } from '../../api/client.ts'
import { whenBackOnline } from '../../shell/back-online.ts'
import { messageOf } from '../../shell/report.ts'
import type { Owner } from './owner.ts'

export interface Policy {
  /** Empty: none is chosen, or a checkpoint without its run. */
  readonly run: Ref<string>
  readonly checkpoint: Ref<string>
  /** Of the run, once it is read. */
  readonly detail: Readonly<ShallowRef<RunDetail | undefined>>
  /** All checkpoints without their runs. */
  readonly withoutRuns: Readonly<ShallowRef<readonly ImportedCheckpoint[]>>
  /** The chosen one of them. */
  readonly imported: ComputedRef<ImportedCheckpoint | undefined>
  /** What the policy was trained with; undefined until that is read. */
  readonly config: ComputedRef<Partial<RunConfig> | undefined>
  readonly problem: Readonly<Ref<string | undefined>>
  choose(owner: Owner): void
}

export const newestFirst = (of: RunDetail | undefined) =>
  (of?.checkpoints ?? []).toSorted((a, b) => b.iteration - a.iteration)

export function usePolicy(first: Owner): Policy {
  const run = ref(first.run)
  const checkpoint = ref(first.checkpoint)
  const detail = shallowRef<RunDetail>()
  const withoutRuns = shallowRef<readonly ImportedCheckpoint[]>([])
  const problem = ref<string>()
  const imported = computed(() =>
    run.value === '' ? withoutRuns.value.find(({ id }) => id === checkpoint.value) : undefined,
  )

  async function readRun(id: string): Promise<void> {
    problem.value = undefined
    if (id === '') {
      detail.value = undefined
      return
    }
    try {
      const read = await client.runs.detail({ run: id })
      if (run.value !== id) return
      detail.value = read
      const own = newestFirst(read)
      if (!own.some((point) => point.id === checkpoint.value)) checkpoint.value = own[0]?.id ?? ''
    } catch (error) {
      if (run.value === id) problem.value = messageOf(error)
    }
  }

  async function readImported(): Promise<void> {
    try {
      withoutRuns.value = await client.checkpoints.imported()
      if (run.value === '' && checkpoint.value !== '' && imported.value === undefined)
        problem.value = 'This checkpoint is not in the database any more.'
    } catch (error) {
      problem.value = messageOf(error)
    }
  }

  watch(run, readRun, { immediate: true })
  void readImported()
  // What was there before may have changed meanwhile, or could not be read at all.
  whenBackOnline(async () => {
    await readRun(run.value)
    await readImported()
  })

  return {
    ...{ run, checkpoint, detail, withoutRuns, imported, problem },
    config: computed(() => detail.value?.config ?? imported.value?.config),
    choose(owner) {
      checkpoint.value = owner.checkpoint
      run.value = owner.run
    },
  }
}
