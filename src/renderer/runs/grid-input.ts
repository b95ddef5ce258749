// What pointer and keyboard do in the table of runs.
import { computed, type ComputedRef, type Ref } from 'vue'
import type { Line } from './arrange.ts'
import type { RunActions } from './run-actions.ts'
import { choose, chooseAll, destination, extendTo, moveTo, NOTHING, toggle } from './selection.ts'
import { useRunsTable } from './table.ts'

/** Pixels; as in the styles of the table. */
export const LINE = 32

/**
 * @param scroller has the focus, and the keyboard with it
 * @param show brings a line into sight
 */
export function useGridInput(
  actions: RunActions,
  scroller: Readonly<Ref<HTMLElement | null>>,
  show: (index: number) => void,
) {
  const table = useRunsTable()
  const activeIndex: ComputedRef<number> = computed(() =>
    table.lines.findIndex(({ key }) => key === table.selection.active),
  )

  /** What a pointer event happened on. */
  function lineAt(event: Event): { line: Line; part: string | undefined } | undefined {
    const target = event.target as HTMLElement
    const index = Number(target.closest<HTMLElement>('[data-index]')?.dataset['index'] ?? NaN)
    const line = table.lines[index]
    return line && { line, part: target.closest<HTMLElement>('[data-part]')?.dataset['part'] }
  }

  function click(event: MouseEvent): void {
    const at = lineAt(event)
    if (at === undefined || (event.target as HTMLElement).matches('input')) return
    const { line, part } = at
    const isPlain = !event.shiftKey && !event.ctrlKey && !event.metaKey
    if (part === 'link') {
      if (isPlain) return
      event.preventDefault()
    }
    if (line.kind === 'group' && isPlain) {
      table.selection = moveTo(table.selection, line)
      return table.setCollapsed(line.label, !line.isCollapsed)
    }
    if (line.kind === 'run' && isPlain && (part === 'tags' || part === 'notes')) {
      table.selection = moveTo(table.selection, line)
      return part === 'tags' ? actions.tag(line.run) : actions.note(line.run)
    }
    // With Shift the browser selects text up to here as well.
    if (event.shiftKey) window.getSelection()?.removeAllRanges()
    if (event.shiftKey) table.selection = extendTo(table.selection, table.lines, line)
    else if (!isPlain || part === 'box') table.selection = toggle(table.selection, line)
    else table.selection = choose(line)
  }

  function doubleClick(event: MouseEvent): void {
    const at = lineAt(event)
    if (at?.line.kind === 'run' && at.part === undefined) actions.open(at.line.run)
  }

  /** A menu is for what was pointed at, unless that is one of several that are chosen. */
  function pointForMenu(event: MouseEvent): void {
    const line = lineAt(event)?.line ?? table.lines[activeIndex.value]
    if (line?.kind === 'run' && !table.selection.chosen.has(line.run.id)) table.selection = choose(line)
  }

  function goTo(index: number, event: KeyboardEvent): void {
    const line = table.lines[index]
    if (line === undefined) return
    if (event.shiftKey) table.selection = extendTo(table.selection, table.lines, line)
    else if (event.ctrlKey || event.metaKey) table.selection = moveTo(table.selection, line)
    else table.selection = choose(line)
    show(index)
  }

  function keyDown(event: KeyboardEvent): void {
    const grid = scroller.value
    if (grid === null || event.target !== grid || event.altKey) return
    const page = Math.max(1, Math.floor((grid.clientHeight - LINE) / LINE) - 1)
    const to = destination(event.key, activeIndex.value, table.lines.length, page)
    const done = to === undefined ? act(event) : goTo(to, event)
    if (done !== false) event.preventDefault()
  }

  /** Answers false where the key means nothing here. */
  function act(event: KeyboardEvent): false | void {
    const line = table.lines[activeIndex.value]
    const modified = event.ctrlKey || event.metaKey
    if (event.key === 'a' && modified) {
      table.selection = chooseAll(table.selection, table.found)
      return
    }
    if (event.key === 'Escape' && table.selection.chosen.size > 0) {
      table.selection = { ...NOTHING, active: table.selection.active }
      return
    }
    if (line === undefined) return false
    if (event.key === ' ') table.selection = toggle(table.selection, line)
    else if (line.kind === 'group' && (event.key === 'ArrowLeft' || event.key === 'ArrowRight'))
      table.setCollapsed(line.label, event.key === 'ArrowLeft')
    else if (event.key === 'Enter' && line.kind === 'group') table.setCollapsed(line.label, !line.isCollapsed)
    else if (event.key === 'Enter' && line.kind === 'run') actions.open(line.run)
    else return false
  }

  return { activeIndex, click, doubleClick, pointForMenu, keyDown }
}
