// Which of the two drives the desktop journeys: a real Electron, or the stand-in.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const ELECTRON = join(import.meta.dirname, '../../node_modules/electron')

export type Driver =
  | { readonly name: 'electron'; readonly binary: string }
  /** `because` says why there is no real one. */
  | { readonly name: 'stand-in'; readonly because: string }

export function chooseDriver(): Driver {
  const binary = electronBinary()
  if (binary === undefined) return { name: 'stand-in', because: 'no Electron binary is installed' }
  if (process.platform === 'linux' && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY'])
    return { name: 'stand-in', because: 'there is no display for Electron' }
  return { name: 'electron', binary }
}

/** Looked up by hand: importing `electron` would start a download. */
function electronBinary(): string | undefined {
  const named = process.env['ELECTRON_EXEC_PATH']
  if (named) return existsSync(named) ? named : undefined
  const pathFile = join(ELECTRON, 'path.txt')
  if (!existsSync(pathFile)) return undefined
  const folder = process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? join(ELECTRON, 'dist')
  const binary = join(folder, readFileSync(pathFile, 'utf8').trim())
  return existsSync(binary) ? binary : undefined
}
