import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { Bench } from './jpki.ts';

const bench = new Bench();
const REPORT = 'a report, 報告書\n';

beforeAll(() => {
  writeFileSync(bench.path('report.txt'), REPORT);
  writeFileSync(bench.path('one.txt'), 'one');
  mkdirSync(bench.path('out'));
});

const sign = (...args: string[]) => bench.run(['--card', 'sim:', 'sign', ...args]);

/** Leftovers of a run: temporary files begin with a dot. */
const leftovers = () => readdirSync(bench.folder).filter((name) => name.startsWith('.'));

describe('the outputs of jpki sign', () => {
  it('are readable by their owner alone', async () => {
    await sign('report.txt', '-o', 'mode.p7m');
    expect(statSync(bench.path('mode.p7m')).mode & 0o777).toBe(0o600);
  });

  it('never replace a file unasked: 9, before any PIN', async () => {
    writeFileSync(bench.path('there.p7m'), 'old');
    const { code, json, stderr } = await sign('report.txt', '-o', 'there.p7m', '--json');
    expect(code).toBe(9);
    expect(json).toMatchObject({ error: { code: 'ERR_FILE_EXISTS' } });
    expect(stderr).not.toContain('Tries left');
    expect(readFileSync(bench.path('there.p7m'), 'utf8')).toBe('old');
    expect((await sign('report.txt', '-o', 'there.p7m', '--force')).code).toBe(0);
    expect(readFileSync(bench.path('there.p7m'), 'utf8')).not.toBe('old');
  });

  it('replace a link, not what it points at', async () => {
    writeFileSync(bench.path('target'), 'untouched');
    symlinkSync('target', bench.path('link.p7m'));
    expect((await sign('report.txt', '-o', 'link.p7m', '--force')).code).toBe(0);
    expect(readFileSync(bench.path('target'), 'utf8')).toBe('untouched');
  });

  it.each([
    ['a folder that is not there', ['report.txt', '-o', 'nowhere/a.p7m']],
    ['the document itself', ['report.txt', '-o', 'report.txt', '--force']],
    ['one file for two documents', ['report.txt', 'one.txt', '-o', 'single.p7m']],
    ['a folder without room', ['report.txt', '-o', '/proc/a.p7m']],
  ])('go nowhere when asked into %s: 9', async (_, args) => {
    const { code, stderr } = await sign(...args);
    expect(code).toBe(9);
    expect(stderr).not.toContain('Tries left');
    expect(readFileSync(bench.path('report.txt'), 'utf8')).toBe(REPORT);
  });

  it('are told how to be verified, in words that a shell takes', async () => {
    writeFileSync(bench.path("a b's.txt"), REPORT);
    const beside = await sign("a b's.txt", '--detached');
    expect(beside.stderr).toContain("jpki verify 'a b'\\''s.txt.p7s' --trust simulator");
    const elsewhere = await sign('report.txt', '--detached', '-o', 'elsewhere.p7s');
    expect(elsewhere.stderr).toContain('jpki verify elsewhere.p7s --content report.txt --trust simulator');
  });

  it.each([
    ['en', 'missing.txt', 'there is no such file or folder (ENOENT)'],
    ['ja', 'missing.txt', 'ファイルまたはフォルダーがありません (ENOENT)'],
    ['ja', 'out', 'フォルダーです (EISDIR)'],
    ['ja', '/dev/null', '通常のファイルではありません'],
  ])('in words (%s): %s', async (language, file, words) => {
    expect((await sign(file, '--lang', language)).stderr).toContain(words);
  });

  it.each([
    ['is not there', 'missing.txt'],
    ['is a folder', 'out'],
    ['is no regular file', '/dev/null'],
  ])('are not made for a document that %s: 9', async (_, file) => {
    expect((await sign(file)).code).toBe(9);
  });

  it('leave nothing behind when something goes wrong', async () => {
    await bench.run(['--card', 'sim:blocked', 'sign', 'report.txt', '-o', 'never.p7m']);
    await bench.run(['--card', 'sim:', 'sign', 'report.txt', '-o', 'never.p7m', '--pin-fd', '3'], {
      pin: 'WRONG1',
    });
    expect(existsSync(bench.path('never.p7m'))).toBe(false);
    expect(leftovers()).toEqual([]);
  });
});
