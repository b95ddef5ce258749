import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import { problemsByField, type SettingProblem } from '../../core/config/form/problems.ts'
import {
  nearestConfig,
  sameValue,
  settingValue,
  withSetting,
  withWritten,
  type Settings,
} from '../../core/config/form/values.ts'
import { UNCHANGED_FINE_TUNING, type FineTuningDraft } from '../configure/fine-tuning-draft.ts'
import {
  isUnstarted,
  NEW_DRAFT,
  problemsOf,
  readDraft,
  withoutSeed,
  type Draft,
  type StudyDraft,
} from '../configure/draft.ts'
import { suggestedName } from '../configure/suggested-name.ts'
import { changed, redone, startHistory, undone, type History } from '../configure/history.ts'
import { useActivity } from './activity.ts'
import { useRuns } from './runs.ts'

const KEPT = 'new-run-draft'

/** What is being configured: it outlives leaving the screen and, in this tab, loading the page again. */
export const useDraft = defineStore('draft', () => {
  const history = shallowRef<History<Draft>>(startHistory(readDraft(sessionStorage.getItem(KEPT)) ?? NEW_DRAFT))
  const runs = useRuns()
  const activity = useActivity()
  /** Of the runs that there are and of those to come. */
  const taken = computed(
    () => new Set([...runs.rows.map(({ name }) => name), ...activity.jobs.map(({ name }) => name)]),
  )
  const suggestion = computed(() => suggestedName(history.value.present, taken.value))
  const draft = computed((): Draft => {
    const { present } = history.value
    return present.named ? present : { ...present, name: suggestion.value }
  })
  /** What the machine refused of exactly this draft. */
  const refused = shallowRef<{ readonly of: Draft; readonly problems: readonly SettingProblem[] }>()

  watch(draft, (present) => sessionStorage.setItem(KEPT, JSON.stringify(present)))

  /** What is wrong with a text in which the settings are being written: until it is mended, they are not what it says. */
  const brokenText = ref<string>()

  const problems = computed((): readonly SettingProblem[] => {
    const broken = brokenText.value === undefined ? [] : [{ path: null, message: brokenText.value }]
    const own = [...broken, ...problemsOf(draft.value)]
    return own.length === 0 && refused.value?.of === draft.value ? refused.value.problems : own
  })
  const problemsAt = computed(() => problemsByField(problems.value))
  /** Settings of what is being configured: of the run, or the changes of the study. */
  const settings = computed(() => partOf(draft.value).settings)
  const baseSettings = computed((): Settings => (draft.value.tab === 'run' ? draft.value.base.settings : {}))
  const config = computed(() => nearestConfig(settings.value))
  const isEdited = computed(
    () =>
      !sameValue(draft.value.settings, draft.value.base.settings) ||
      !sameValue(draft.value.study, NEW_DRAFT.study) ||
      !sameValue(draft.value.fineTuning, { ...draft.value.fineTuning, ...UNCHANGED_FINE_TUNING }),
  )

  /** Settings of the run that were started last: they are in its row, and nothing is lost with them here. */
  const started = shallowRef<Settings>()
  const noteStarted = ({ tab, settings }: Draft): void => {
    if (tab === 'run') started.value = settings
  }
  /** Whether the run's settings would be lost where it begins from something else. */
  const hasUnstarted = computed(() => isUnstarted(draft.value, started.value))

  /** @param topic changes of the same topic in a row are one step of undo */
  function change(next: Draft, topic: string | null = null): void {
    history.value = changed(history.value, next, topic)
  }

  function replaceSettings(next: Settings, topic: string | null): void {
    const { tab } = draft.value
    if (tab === 'run') change({ ...draft.value, settings: next }, topic)
    else if (tab === 'study') changeStudy({ settings: next }, topic)
    else changeFineTuning({ settings: next }, topic)
  }

  /** What does not stand on the defaults: what is the default here may be a change there, and is written. */
  function set(path: string, value: unknown): void {
    const write = draft.value.tab === 'run' ? withSetting : withWritten
    replaceSettings(write(settings.value, path, value), path)
  }

  /** Back to where the draft began; where it is there already, to the default. */
  function reset(path: string): void {
    if (draft.value.tab !== 'run') return replaceSettings(withWritten(settings.value, path, undefined), null)
    const began = settingValue(baseSettings.value, path)
    const isThere = JSON.stringify(began) === JSON.stringify(settingValue(settings.value, path))
    replaceSettings(withSetting(settings.value, path, isThere ? undefined : began), null)
  }

  /** All settings of the run at once, as JSON has them; a seed among them becomes the run's. */
  function writeAll(next: Settings): void {
    const { settings: own, seed } = withoutSeed(next)
    const seeds = seed === undefined ? draft.value.seeds : String(seed)
    change({ ...draft.value, settings: own, seeds }, 'json')
  }

  function changeStudy(changes: Partial<StudyDraft>, topic: string | null = null): void {
    change({ ...draft.value, study: { ...draft.value.study, ...changes } }, topic)
  }

  function changeFineTuning(changes: Partial<FineTuningDraft>, topic: string | null = null): void {
    change({ ...draft.value, fineTuning: { ...draft.value.fineTuning, ...changes } }, topic)
  }

  /** Back to where the draft began. */
  function discard(): void {
    const { tab, base } = draft.value
    if (tab === 'run') change({ ...draft.value, settings: base.settings })
    else if (tab === 'study') changeStudy({ settings: {}, seeds: '' })
    else changeFineTuning(UNCHANGED_FINE_TUNING)
  }

  function refuse(of: Draft, found: readonly SettingProblem[]): void {
    refused.value = { of, problems: found }
  }

  const canUndo = computed(() => history.value.past.length > 0)
  const canRedo = computed(() => history.value.future.length > 0)
  const undo = () => void (history.value = undone(history.value))
  const redo = () => void (history.value = redone(history.value))

  return {
    draft,
    brokenText,
    problems,
    problemsAt,
    settings,
    baseSettings,
    config,
    isEdited,
    hasUnstarted,
    noteStarted,
    canUndo,
    canRedo,
    change,
    changeStudy,
    changeFineTuning,
    set,
    reset,
    writeAll,
    discard,
    refuse,
    undo,
    redo,
  }
})

/** What has the settings of the tab that is shown. */
function partOf(draft: Draft): { readonly settings: Settings } {
  if (draft.tab === 'run') return draft
  return draft.tab === 'study' ? draft.study : draft.fineTuning
}
