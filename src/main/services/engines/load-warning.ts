import { availableParallelism, loadavg } from 'node:os'

/** Load of each core above which others are computing. Windows tells no load. */
const BUSY = 0.5

/** Others that compute make every engine slow, and not all alike. null where the machine is quiet. */
export function loadWarning(busyAbove = BUSY): string | null {
  const [load] = loadavg() as [number, number, number]
  const cores = availableParallelism()
  if (load < busyAbove * cores) return null
  return `Other programs computed when the measurement began (load ${load.toFixed(1)}, ${cores} cores): its times may be too long.`
}
