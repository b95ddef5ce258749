// The lint rules that keep core <- main <- renderer, and store <- services <- api <- app within main: what they must refuse, and what they must let pass.
import { ESLint } from 'eslint'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
const IMPORTS = ['@typescript-eslint/no-restricted-imports', 'no-restricted-syntax']
const CORE_GLOBALS = ['no-restricted-globals', 'no-restricted-properties']

const eslint = new ESLint({
  cwd: root,
  // The snippets are on no disk, so there are no types for them; the rules under test need none.
  overrideConfig: {
    files: ['**/*.ts', '**/*.vue'],
    languageOptions: { parserOptions: { projectService: false } },
  },
  ruleFilter: ({ ruleId }) => [...IMPORTS, ...CORE_GLOBALS].includes(ruleId),
})

const refused: [file: string, code: string][] = [
  ['src/core/env/snippet.ts', "import { readFile } from 'node:fs/promises'"],
  ['src/core/env/snippet.ts', "import { readFile } from 'fs'"],
  ['src/core/env/snippet.ts', "import type { Stats } from 'node:fs'"],
  ['src/core/env/snippet.ts', "import { app } from 'electron'"],
  ['src/core/env/snippet.ts', "import Database from 'better-sqlite3'"],
  ['src/core/env/snippet.ts', "import { ref } from 'vue'"],
  ['src/core/env/snippet.ts', "import loadMujoco from '@mujoco/mujoco'"],
  ['src/core/env/snippet.ts', "import { openStore } from '../../main/store/store.ts'"],
  ['src/core/env/snippet.ts', "import type { Store } from '../../main/store/store.ts'"],
  ['src/core/snippet.ts', "export * from '../main/store/store.ts'"],
  ['src/core/nn/simd/snippet.ts', "import { client } from '../../../renderer/api/client.ts'"],
  ['src/core/env/snippet.ts', "await import('node:worker_threads')"],
  ['src/core/env/snippet.ts', "await import('../../main/store/store.ts')"],
  ['src/core/env/snippet.ts', 'export const seed = Math.random()'],
  ['src/core/env/snippet.ts', 'export const home = process.cwd()'],
  ['src/main/store/snippet.ts', "import { client } from '../../renderer/api/client.ts'"],
  ['src/main/store/snippet.ts', "import type { Row } from '../../renderer/views/row.ts'"],
  ['src/main/store/snippet.ts', "await import('../../renderer/api/client.ts')"],
  ['src/main/store/snippet.ts', "import { train } from '../services/training.ts'"],
  ['src/main/store/bundle/snippet.ts', "import type { Progress } from '../../services/progress.ts'"],
  ['src/main/store/snippet.ts', "await import('../services/training.ts')"],
  ['src/main/store/snippet.ts', "import { ref } from 'vue'"],
  ['src/main/trainer/snippet.ts', "import { train } from '../services/training.ts'"],
  ['src/main/export/snippet.ts', "import { train } from '../services/training.ts'"],
  ['src/main/services/snippet.ts', "import type { RunDetail } from '../api/contract.ts'"],
  ['src/main/services/study/snippet.ts', "import { contract } from '../../api/contract.ts'"],
  ['src/main/services/snippet.ts', "import { formatTable } from '../cli/table.ts'"],
  ['src/main/api/snippet.ts', "import type { Menu } from '../app/menu.ts'"],
  ['src/main/api/handlers/snippet.ts', "import { formatTable } from '../../cli/table.ts'"],
  ['src/main/app/snippet.ts', "import { formatTable } from '../cli/table.ts'"],
  ['src/main/services/snippet.ts', "import { client } from '../../renderer/api/client.ts'"],
  ['src/renderer/stores/snippet.ts', "import { router } from '../../main/api/router.ts'"],
  ['src/renderer/stores/snippet.ts', "await import('../../main/api/router.ts')"],
  ['src/renderer/stores/snippet.ts', "import { readFile } from 'node:fs/promises'"],
  ['src/renderer/stores/snippet.ts', "import { ipcRenderer } from 'electron'"],
  ['src/renderer/App.vue', '<script setup lang="ts">import { router } from \'../main/api/router.ts\'</script>'],
]

test.each(refused)('%s may not: %s', async (file, code) => {
  const [complaint, ...others] = await complaints(file, code)
  expect([...IMPORTS, ...CORE_GLOBALS]).toContain(complaint)
  expect(others).toEqual([])
})

const allowed: [file: string, code: string][] = [
  ['src/core/meta/snippet.ts', "import { createStream } from '../random/stream.ts'"],
  ['src/core/env/snippet.ts', "import type { MainModule } from '@mujoco/mujoco'"],
  ['src/core/config/snippet.ts', "import { z } from 'zod'"],
  ['src/main/store/snippet.ts', "import { presets } from '../../core/config/presets.ts'"],
  ['src/main/store/snippet.ts', "import Database from 'better-sqlite3'"],
  ['src/main/store/bundle/snippet.ts', "import { read } from '../transaction.ts'"],
  ['src/main/services/snippet.ts', "import { openStore } from '../store/open.ts'"],
  ['src/main/services/snippet.ts', "import { writeWhole } from '../export/files.ts'"],
  ['src/main/api/snippet.ts', "import { train } from '../services/training.ts'"],
  ['src/main/app/snippet.ts', "import { router } from '../api/router.ts'"],
  ['src/main/cli/snippet.ts', "import { serve } from '../app/serve.ts'"],
  ['src/renderer/stores/snippet.ts', "import { presets } from '../../core/config/presets.ts'"],
  ['src/renderer/stores/snippet.ts', "import type { RunSummary } from '../../main/api/contract.ts'"],
]

test.each(allowed)('%s may: %s', async (file, code) => {
  expect(await complaints(file, code)).toEqual([])
})

/** The rules that complain; the message where it is the parser. */
async function complaints(file: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(`${code}\n`, { filePath: join(root, file) })
  return (result?.messages ?? []).map(({ ruleId, message }) => ruleId ?? message)
}
