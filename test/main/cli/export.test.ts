// What leaves the database, and what goes from it.
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { SettingDescription } from '../../../src/core/config/describe.ts'
import type { GcReport } from '../../../src/main/store/store.ts'
import { cmaml, cmamlJson } from './cmaml.ts'
import { tinyRuns } from './tiny-runs.ts'

const { home, db, file, train } = tinyRuns()
beforeAll(() => train('first', '--no-finetune'))

describe('export, settings, gc, delete', () => {
  it('exports what can be read elsewhere', async () => {
    const out = join(home, 'first.json')
    await cmamlJson(home, 'export', 'first', '--format', 'json', '--out', out, '--db', db)
    const content = JSON.parse(readFileSync(out, 'utf8')) as { tensors: Record<string, { shape: number[] }> }
    expect(content.tensors['policy.hidden0.kernel']!.shape).toEqual([44, 8])
  })

  it('knows the format by the extension', async () => {
    for (const [extension, format] of [
      ['SAFETENSORS', 'safetensors'],
      ['json', 'json'],
      ['cmaml', 'bundle'],
    ]) {
      const out = join(home, `by-extension.${extension}`)
      expect(await cmamlJson(home, 'export', 'first', '--out', out, '--db', db)).toMatchObject({ format })
    }
  })

  it.each(['safetensors', 'json', 'bundle'])('replaces no %s file unless it is told to', async (format) => {
    const out = file(`precious.${format}`, 'mine')
    const args = ['export', 'first', '--format', format, '--out', out, '--db', db]
    const refused = await cmaml(home, ...args)
    expect(refused).toMatchObject({ code: 2, stdout: '' })
    expect(refused.stderr).toBe(`error: ${out} exists already; name another by --out, or replace it by --force.\n`)
    expect(readFileSync(out, 'utf8')).toBe('mine')
    expect(await cmaml(home, ...args, '--force')).toMatchObject({ code: 0 })
    expect(statSync(out).size).toBeGreaterThan(1000)
  })

  it('refuses a description that no bundle holds', async () => {
    const out = join(home, 'described.cmaml')
    const args = ['export', 'first', '--out', out, '--db', db, '--description']
    const refused = await cmaml(home, ...args, 'x'.repeat(1001))
    expect(refused).toMatchObject({ code: 2, stdout: '' })
    expect(refused.stderr).toBe("error: A bundle's description may have 1000 characters; this one has 1001.\n")
    expect(existsSync(out)).toBe(false)
    expect(await cmaml(home, ...args, 'x'.repeat(1000))).toMatchObject({ code: 0 })
  })

  it('describes every setting', async () => {
    const settings = await cmamlJson<SettingDescription[]>(home, 'settings')
    expect(settings.length).toBeGreaterThan(40)
    for (const { path, help, allowed, source } of settings) {
      expect(path && help && allowed && source).toBeTruthy()
    }
    expect((await cmaml(home, 'settings', 'meta.eta.cap')).stdout).toMatch(
      /meta\.eta\.cap\n.*\n.*default [\d.]+; a number > 0/,
    )
  })

  it('deletes a run and gives its disk back', async () => {
    await train('third', '--no-finetune')
    expect((await cmaml(home, 'delete', 'third', '--db', db)).code).toBe(0)
    expect((await cmaml(home, 'show', 'third', '--db', db)).code).toBe(2)
    const report = await cmamlJson<GcReport>(home, 'gc', '--db', db)
    expect(report.bytesFreed).toBeGreaterThanOrEqual(0)
  })

  it.each([
    ...['train', 'finetune', 'runs', 'show', 'compare', 'tasks', 'layout', 'rollout', 'export', 'settings'],
    ...['bench', 'gc', 'delete', 'import'],
  ])('%s has --help and --json', async (command) => {
    const { code, stdout } = await cmaml(home, command, '--help')
    expect(code).toBe(0)
    expect(stdout).toContain('--json')
  })
})
