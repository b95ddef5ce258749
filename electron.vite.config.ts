import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'electron-vite'
import { resolve } from 'node:path'

// out/main/<name>.js for every process and thread that Node or Electron starts by file. Shared chunks lie beside them,
// so that `new URL('./worker.js', import.meta.url)` holds from every chunk. Dependencies stay in node_modules: two of
// them, better-sqlite3 and @mujoco/mujoco, load binaries from their own folders.
const mainEntries = {
  index: resolve('src/main/app/main.ts'),
  serve: resolve('src/main/app/serve.ts'),
  cli: resolve('src/main/cli/main.ts'),
  trainer: resolve('src/main/trainer/process.ts'),
  worker: resolve('src/main/trainer/worker.ts'),
  'simd-lane': resolve('src/main/trainer/simd-lane.ts'),
  'engine-check': resolve('src/main/trainer/engines/check.ts'),
  'database-process': resolve('src/main/services/database-process.ts'),
}

export default defineConfig({
  main: {
    build: {
      sourcemap: true,
      rollupOptions: {
        input: mainEntries,
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      // A sandboxed preload script can neither be an ES module nor import anything but Electron.
      externalizeDeps: false,
      rollupOptions: {
        input: { index: resolve('src/main/app/preload.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'src/renderer',
    plugins: [vue()],
    build: {
      // electron-vite minifies nothing by itself.
      minify: 'oxc',
      // kB of one chunk: ECharts is one of 520, loaded with the first chart. More than that is worth the warning.
      chunkSizeWarningLimit: 600,
      rollupOptions: { input: resolve('src/renderer/index.html') },
    },
  },
})
