import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { scratchFolder } from '../../test/scratch-folder.ts';
import { readTextIfPresent, writeFileAtomically } from './atomic-file.ts';

const folder = await scratchFolder();

describe('an atomic file', () => {
  test('is written whole, for its owner alone, and leaves no temporary file', async () => {
    const path = join(folder, 'a.json');
    await writeFile(path, 'old', { mode: 0o644 });
    await writeFileAtomically(path, 'new');
    expect(await readTextIfPresent(path)).toBe('new');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['a.json']);
  });

  test('keeps the old one and no temporary file when it cannot be replaced', async () => {
    const path = join(folder, 'folder');
    await mkdir(join(path, 'inside'), { recursive: true });
    await expect(writeFileAtomically(path, 'new')).rejects.toThrow();
    expect((await readdir(folder)).filter((file) => file.includes('tmp'))).toEqual([]);
  });

  test('that is not there reads as undefined', async () => {
    expect(await readTextIfPresent(join(folder, 'none'))).toBeUndefined();
    await expect(readTextIfPresent(join(folder, 'a.json', 'x'))).rejects.toMatchObject({ code: 'ENOTDIR' });
  });
});
