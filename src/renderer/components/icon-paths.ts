/** The strokes of the icons on a grid of 16 x 16, 1.5 wide, without fill. */
export const ICON_PATHS = {
  runs: ['M2.5 3.5h11', 'M2.5 8h11', 'M2.5 12.5h11', 'M6 3.5v9'],
  'new-run': ['M8 3v10', 'M3 8h10'],
  queue: ['M2.5 3.5h11', 'M2.5 7h11', 'M2.5 10.5h5', 'M10.5 9.3v4.4l3.5-2.2z'],
  compare: ['M2.5 2.5v11h11', 'M4.5 11c2.5 0 3-6.5 8.5-6.5', 'M4.5 5.5c4 0 4 4.5 8.5 4.5'],
  sql: [
    'M13 4c0 1.1-2.2 2-5 2s-5-.9-5-2 2.2-2 5-2 5 .9 5 2z',
    'M3 4v8c0 1.1 2.2 2 5 2s5-.9 5-2V4',
    'M3 8c0 1.1 2.2 2 5 2s5-.9 5-2',
  ],
  settings: ['M2.5 4.5h6', 'M12 4.5h1.5', 'M10.2 2.8v3.4', 'M2.5 11.5H4', 'M7.5 11.5h6', 'M5.8 9.8v3.4'],
  search: ['M11.5 7a4.5 4.5 0 1 1-9 0 4.5 4.5 0 0 1 9 0z', 'M10.3 10.3 14 14'],
  close: ['M4 4l8 8', 'M12 4l-8 8'],
  check: ['M3 8.5 6.5 12 13 4.5'],
  'chevron-down': ['M4 6l4 4 4-4'],
  'chevron-right': ['M6 4l4 4-4 4'],
  copy: ['M6 6h7.5v7.5H6z', 'M3.5 10H2.5V2.5H10v1'],
  more: [3, 8, 13].map((x) => `M${x} 7.6a.4.4 0 1 0 0 .8.4.4 0 0 0 0-.8z`),
  info: ['M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0z', 'M8 7.5v3.5', 'M8 5h.01'],
  warning: ['M8 2.5 14.5 13.5h-13z', 'M8 6.5v3.2', 'M8 11.6h.01'],
  alarm: ['M5.5 2h5L14 5.5v5L10.5 14h-5L2 10.5v-5z', 'M8 5v3.5', 'M8 11h.01'],
  play: ['M4.5 3v10l8-5z'],
  pause: ['M5 3.5v9', 'M11 3.5v9'],
  stop: ['M4 4h8v8H4z'],
  undo: ['M5.5 3 2.5 6l3 3', 'M2.5 6h7a4 4 0 0 1 0 8H6'],
  pin: ['M8 10v4', 'M5.5 2.5h5l-.7 4 2.2 3.5h-8l2.2-3.5z'],
  trash: ['M2.5 4.5h11', 'M6 4.5v-2h4v2', 'M4 4.5l.7 9h6.6l.7-9'],
  download: ['M8 2.5v8', 'M4.5 7.5 8 11l3.5-3.5', 'M2.5 13.5h11'],
  expand: ['M9.5 2.5h4v4', 'M13.5 2.5l-4.5 4.5', 'M6.5 13.5h-4v-4', 'M2.5 13.5l4.5-4.5'],
  filter: ['M2.5 3.5h11L9.5 8.5v4.5l-3-1.5v-3z'],
  help: [
    'M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0z',
    'M6.2 6.3c.2-1 .9-1.5 1.8-1.5 1.1 0 1.8.7 1.8 1.6 0 1.3-1.8 1.4-1.8 2.6',
    'M8 11.2h.01',
  ],
} as const satisfies Record<string, readonly string[]>

export type IconName = keyof typeof ICON_PATHS
