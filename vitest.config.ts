import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

// What the developer has measured on this machine decides nothing here.
const NO_DATA = join(tmpdir(), 'cmaml-studio-no-data')

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Physics, training and browsers on two shared cores: a slow machine is no failure.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    env: { XDG_DATA_HOME: NO_DATA, APPDATA: NO_DATA },
    expect: { poll: { timeout: 20_000 } },
  },
})
