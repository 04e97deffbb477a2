import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { AtomicFile } from './atomic-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'jpki-atomic-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const path = (name: string) => join(folder, name);

describe('an atomic file', () => {
  it('has no name until it is whole, and is for its owner alone', async () => {
    const file = await AtomicFile.create(path('a'), { replace: false });
    await file.write(Buffer.from('one '));
    await file.write(Buffer.from('two'));
    expect(readdirSync(folder)).not.toContain('a');
    await file.commit();
    await file[Symbol.asyncDispose]();
    expect(readFileSync(path('a'), 'utf8')).toBe('one two');
    expect(statSync(path('a')).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['a']);
  });

  it('leaves nothing when it is given up', async () => {
    const file = await AtomicFile.create(path('b'), { replace: false });
    await file.write(Buffer.from('half'));
    await file[Symbol.asyncDispose]();
    expect(readdirSync(folder)).toEqual(['a']);
  });

  it('does not replace a file that is there, or that appears meanwhile', async () => {
    await expect(AtomicFile.create(path('a'), { replace: false })).rejects.toMatchObject({
      code: 'ERR_FILE_EXISTS',
    });
    const file = await AtomicFile.create(path('c'), { replace: false });
    writeFileSync(path('c'), 'another program was faster');
    await expect(file.commit()).rejects.toMatchObject({ code: 'ERR_FILE_EXISTS' });
    await file[Symbol.asyncDispose]();
    expect(readFileSync(path('c'), 'utf8')).toBe('another program was faster');
  });

  it('replaces one when asked, and a link by itself', async () => {
    symlinkSync('a', path('link'));
    const file = await AtomicFile.create(path('link'), { replace: true });
    await file.write(Buffer.from('new'));
    await file.commit();
    expect(readFileSync(path('link'), 'utf8')).toBe('new');
    expect(readFileSync(path('a'), 'utf8')).toBe('one two');
  });

  it.each(['', 'nowhere/d'])('is refused at once where it cannot be: %j', async (name) => {
    await expect(AtomicFile.create(path(name), { replace: true })).rejects.toMatchObject({
      code: 'ERR_FILE_WRITE',
    });
  });
});
