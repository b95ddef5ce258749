// Correctness only: prettier owns the looks. The rules on imports keep the one direction of the architecture,
// core <- main <- renderer; test/setup/direction.test.ts shows that they bite.
import prettier from 'eslint-config-prettier'
import vue from 'eslint-plugin-vue'
import { defineConfig } from 'eslint/config'
import globals from 'globals'
import { builtinModules } from 'node:module'
import tseslint from 'typescript-eslint'

const NODE = ['node:*', ...builtinModules]
const MACHINE = ['electron', 'electron/*', 'better-sqlite3', 'playwright-core', '@orpc/server', '@orpc/server/*']
const SCREEN = ['vue', 'vue/*', 'pinia', '@orpc/client', '@orpc/client/*', '*.vue', '*.css']

/** A relative import that climbs out into another room of src/. */
const into = (...rooms) => `^(\\.\\./)+(${rooms.join('|')})(/|$)`

const NO_SCREENS = [
  { regex: into('renderer'), message: 'src/main does not know the screens.' },
  { group: SCREEN, message: 'src/main does not know the screens.' },
]

/** Rooms of src/main, each with those above it: what works below does not know who asks. */
const ABOVE = {
  store: ['services', 'export', 'api', 'app', 'cli'],
  trainer: ['services', 'export', 'api', 'app', 'cli'],
  export: ['services', 'api', 'app', 'cli'],
  services: ['api', 'app', 'cli'],
  api: ['app', 'cli'],
  app: ['cli'],
}

/** Not yet below the contract, whose types they use. */
const BESIDE_THE_CONTRACT = ['src/main/services/{checkpoints,episode-grid,live-episode}.ts']

/**
 * Forbids imports; the static kind by a rule that may let types pass, the dynamic kind (always a value) by syntax.
 */
function forbid(...bans) {
  return {
    '@typescript-eslint/no-restricted-imports': ['error', { patterns: bans }],
    'no-restricted-syntax': [
      'error',
      ...bans.map(({ group, regex, message }) => ({
        selector: `ImportExpression[source.value=/${(regex ?? anyOf(group)).replaceAll('/', '\\/')}/]`,
        message,
      })),
    ],
  }
}

/** The regular expression of a list of module names with `*` as the wild card. */
function anyOf(names) {
  const escaped = names.map((name) => name.replaceAll('.', '\\.').replaceAll('*', '.*'))
  return `^(${escaped.join('|')})$`
}

export default defineConfig(
  { ignores: ['out/', 'dist/', 'coverage/', 'bench/results/', 'src/core/nn/simd/kernels/'] },
  tseslint.configs.recommended,
  vue.configs['flat/essential'],
  {
    files: ['**/*.ts', '**/*.vue'],
    languageOptions: {
      parserOptions: {
        parser: tseslint.parser,
        projectService: true,
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: ['.vue'],
      },
    },
    rules: {
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false } }],
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    },
  },
  {
    rules: {
      eqeqeq: 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  { files: ['**/*.mjs'], languageOptions: { globals: globals.node } },
  { files: ['src/renderer/**'], languageOptions: { globals: globals.browser } },
  {
    files: ['src/core/**'],
    rules: {
      ...forbid(
        { group: NODE, message: 'src/core knows no file, process or network: let src/main pass in what is needed.' },
        { group: MACHINE, message: 'src/core knows no database, window or server.' },
        { group: SCREEN, message: 'src/core knows no screen.' },
        { regex: into('main', 'renderer'), message: 'src/core imports from neither src/main nor src/renderer.' },
        {
          group: ['@mujoco/mujoco'],
          allowTypeImports: true,
          message: 'src/core receives the loaded MuJoCo module as an argument; import its types only.',
        },
        {
          group: ['@tensorflow/*'],
          allowTypeImports: true,
          message: 'src/core receives the loaded TensorFlow.js module as an argument; import its types only.',
        },
      ),
      'no-restricted-globals': ['error', 'process', 'Buffer', 'require', 'window', 'document', 'localStorage', 'fetch'],
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'Draw from a stream of src/core/random: runs are repeatable.' },
      ],
    },
  },
  {
    files: ['src/main/**'],
    rules: forbid(...NO_SCREENS),
  },
  ...Object.entries(ABOVE).map(([room, above]) => ({
    files: [`src/main/${room}/**`],
    ignores: BESIDE_THE_CONTRACT,
    rules: forbid(...NO_SCREENS, {
      regex: into(...above),
      message: 'Within src/main: store <- services <- api <- app and cli. What is needed below belongs there.',
    }),
  })),
  {
    files: ['src/renderer/**'],
    rules: forbid(
      { group: NODE, message: 'The renderer is sandboxed: ask the router of src/main.' },
      { group: MACHINE, message: 'The renderer is sandboxed: ask the router of src/main.' },
      { regex: into('main'), allowTypeImports: true, message: 'The renderer imports the types of src/main only.' },
    ),
  },
  prettier,
)
