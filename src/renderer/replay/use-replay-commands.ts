import type { Ref } from 'vue'
import { useCommands } from '../stores/commands.ts'
import type { Player } from './player.ts'

/** What the keyboard and the palette do while a replay is shown. */
export function useReplayCommands(player: Player, view: Ref<'2d' | '3d'>, lidar: Ref<boolean>): void {
  const group = 'Replay'
  useCommands().register(
    { id: 'replay.play', title: 'Play or pause', group, keys: 'space', run: player.togglePlaying },
    {
      ...{ id: 'replay.back', title: 'One step back', group, keys: 'arrowleft', alsoKeys: ',', repeats: true },
      run: () => player.stepBy(-1),
    },
    {
      ...{ id: 'replay.on', title: 'One step on', group, keys: 'arrowright', alsoKeys: '.', repeats: true },
      run: () => player.stepBy(1),
    },
    {
      ...{ id: 'replay.back10', title: 'Ten steps back', group, keys: 'shift+arrowleft', repeats: true },
      run: () => player.stepBy(-10),
    },
    {
      ...{ id: 'replay.on10', title: 'Ten steps on', group, keys: 'shift+arrowright', repeats: true },
      run: () => player.stepBy(10),
    },
    { id: 'replay.next', title: 'Next cost event', group, keys: 'n', run: () => player.toEvent('next') },
    { id: 'replay.previous', title: 'Previous cost event', group, keys: 'p', run: () => player.toEvent('previous') },
    { id: 'replay.first', title: 'To the start', group, keys: 'home', run: () => player.seekTo(0) },
    { id: 'replay.last', title: 'To the end', group, keys: 'end', run: () => player.seekTo(player.clock.value.end) },
    { id: 'replay.faster', title: 'Faster', group, keys: '+', run: () => player.changeSpeed(1) },
    { id: 'replay.slower', title: 'Slower', group, keys: '-', run: () => player.changeSpeed(-1) },
    {
      ...{ id: 'replay.lidar', title: 'Show what the lidar sees', group, keys: 'l', when: () => view.value === '2d' },
      run: () => (lidar.value = !lidar.value),
    },
    {
      ...{ id: 'replay.view', title: 'Switch between 2D and 3D', group, keys: 'v' },
      run: () => (view.value = view.value === '2d' ? '3d' : '2d'),
    },
  )
}
