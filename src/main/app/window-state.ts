// Where the main window was, so that it comes back there. A convenience: whatever is wrong with it is forgotten.
import type { BrowserWindow, Rectangle } from 'electron'
import { mkdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'
import { writeWhole } from '../export/files.ts'

/** In device-independent pixels. */
export const SMALLEST = { width: 800, height: 560 }
const USUAL = { width: 1440, height: 900 }
/** So much of the window's top must lie on a display for a person to get hold of it. */
const GRIP = { width: 120, height: 32 }
/** Moving and resizing come as a stream of events. */
const SETTLED_MS = 500

const windowState = z.object({
  /** Of the window when it is neither maximised nor full screen. */
  bounds: z.object({ x: z.int(), y: z.int(), width: z.int().positive(), height: z.int().positive() }),
  maximised: z.boolean(),
})
export type WindowState = z.infer<typeof windowState>

/** Bounds to open a window with; without a position the system chooses one. */
export interface OpeningBounds {
  readonly x?: number
  readonly y?: number
  readonly width: number
  readonly height: number
}

/** @returns undefined where there is none that can be used */
export function readWindowState(file: string): WindowState | undefined {
  try {
    return windowState.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return undefined
  }
}

/**
 * The kept bounds on the displays of today: at most as large as the display, and without their position where the
 * display that had the window is gone.
 * @param workAreas of all displays, the primary one first
 */
export function openingBounds(kept: Rectangle | undefined, workAreas: readonly Rectangle[]): OpeningBounds {
  const display = kept && workAreas.find((area) => holdsGrip(area, kept))
  const area = display ?? workAreas[0]
  const { width, height } = kept ?? USUAL
  const size = {
    width: Math.max(SMALLEST.width, Math.min(width, area?.width ?? width)),
    height: Math.max(SMALLEST.height, Math.min(height, area?.height ?? height)),
  }
  return kept && display ? { x: kept.x, y: kept.y, ...size } : size
}

function holdsGrip(area: Rectangle, { x, y, width }: Rectangle): boolean {
  const visible = Math.min(x + width, area.x + area.width) - Math.max(x, area.x)
  return visible >= GRIP.width && y >= area.y && y + GRIP.height <= area.y + area.height
}

/** Writes the state of the window whenever it has settled, and when the window closes. */
export function keepWindowState(window: BrowserWindow, file: string): void {
  let settling: NodeJS.Timeout | undefined
  const write = () => {
    clearTimeout(settling)
    const state: WindowState = { bounds: window.getNormalBounds(), maximised: window.isMaximized() }
    try {
      mkdirSync(dirname(file), { recursive: true })
      writeWhole(file, Buffer.from(JSON.stringify(state)))
    } catch (error) {
      console.error(`The position of the window is not kept: ${(error as Error).message}`)
    }
  }
  const soon = () => {
    clearTimeout(settling)
    settling = setTimeout(write, SETTLED_MS)
  }
  window.on('resize', soon)
  window.on('move', soon)
  window.on('maximize', soon)
  window.on('unmaximize', soon)
  window.on('close', write)
  window.on('closed', () => clearTimeout(settling))
}
