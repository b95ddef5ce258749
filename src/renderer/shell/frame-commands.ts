import type { Router } from 'vue-router'
import { navigation } from '../router.ts'
import { useDemonstration } from '../runs/demonstration.ts'
import { useCommands, type Command } from '../stores/commands.ts'
import { THEMES, useTheme } from '../stores/theme.ts'

/** The commands that work on every screen. */
export function registerFrameCommands(router: Router): void {
  const store = useCommands()
  const theme = useTheme()
  const demonstration = useDemonstration()

  const screens = navigation.map(({ name, label, keys }): Command => {
    return { id: `go.${name}`, title: `Go to ${label}`, group: 'Go', keys, run: () => router.push({ name }) }
  })
  const themes = THEMES.map((choice): Command => {
    return {
      id: `theme.${choice}`,
      title: choice === 'system' ? 'Theme of the system' : `${choice === 'dark' ? 'Dark' : 'Light'} theme`,
      group: 'View',
      words: 'colours appearance mode',
      when: () => theme.choice !== choice,
      run: () => {
        theme.choice = choice
      },
    }
  })
  const demonstrations: Command[] = [
    {
      id: 'demonstration.open',
      title: 'Open the demonstration project',
      group: 'Runs',
      words: 'demo example sample studies',
      when: () => demonstration.canOpen.value,
      run: async () => {
        await router.push({ name: 'runs' })
        await demonstration.open()
      },
    },
    {
      id: 'demonstration.remove',
      title: 'Remove the demonstration project',
      group: 'Runs',
      words: 'demo example sample delete',
      when: () => demonstration.canRemove.value,
      run: demonstration.remove,
    },
  ]
  const bin: Command = {
    ...{ id: 'go.bin', title: 'Go to the bin', group: 'Go', words: 'deleted restore undelete trash empty' },
    run: () => router.push({ name: 'bin' }),
  }
  store.register(...screens, bin, ...demonstrations, ...themes, {
    id: 'view.back',
    title: 'Back',
    group: 'Go',
    keys: 'alt+arrowleft',
    run: () => router.back(),
  })
  store.register(
    {
      id: 'palette.open',
      title: 'Find a command',
      group: 'Help',
      keys: 'mod+k',
      run: () => {
        store.paletteOpen = !store.paletteOpen
      },
    },
    {
      id: 'shortcuts.show',
      title: 'Keyboard shortcuts',
      group: 'Help',
      keys: '?',
      run: () => {
        store.overviewOpen = true
      },
    },
  )
}
