// Markers of ECharts as paths for legends, in a square from -4 to 4.
const PATHS: Readonly<Record<string, string>> = {
  circle: 'M-3.5,0a3.5,3.5 0 1,0 7,0a3.5,3.5 0 1,0 -7,0',
  triangle: 'M0,-3.5L3.5,3.5L-3.5,3.5Z',
  rect: 'M-3,-3H3V3H-3Z',
  diamond: 'M0,-4L4,0L0,4L-4,0Z',
}

/** @param symbol ECharts' name of it */
export const markerPath = (symbol: string): string => PATHS[symbol] ?? PATHS['circle']!
