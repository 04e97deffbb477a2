import { readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { otherProcess } from '../../test/other-process.ts';
import { scratchFolder } from '../../test/scratch-folder.ts';
import { withFileLock } from './file-lock.ts';

const folder = await scratchFolder();

describe('a file lock', () => {
  test('lets one in at a time and leaves nothing behind', async () => {
    const path = join(folder, 'turns.lock');
    let inside = 0;
    let most = 0;
    const turn = () =>
      withFileLock(path, async () => {
        most = Math.max(most, ++inside);
        await new Promise((resolve) => setImmediate(resolve));
        inside -= 1;
      });
    await Promise.all(Array.from({ length: 8 }, turn));
    expect(most).toBe(1);
    expect((await readdir(folder)).filter((file) => file.startsWith('turns'))).toEqual([]);
  });

  test('is given back when the work fails', async () => {
    const path = join(folder, 'failing.lock');
    const failing = withFileLock(path, () => Promise.reject(new Error('no')));
    await expect(failing).rejects.toThrow('no');
    expect(await withFileLock(path, async () => 'free')).toBe('free');
  });

  test('is not waited for longer than asked while its holder lives', async () => {
    const path = join(folder, 'busy.lock');
    await withFileLock(path, async () => {
      await expect(withFileLock(path, async () => undefined, 30)).rejects.toMatchObject({
        code: 'ERR_SIM_BUSY',
      });
    });
  });

  test('of a process that was killed stops nobody, however many come at once', async () => {
    const path = join(folder, 'killed.lock');
    const other = await otherProcess('holdLock', path);
    other.go();
    expect(await other.line()).toBe('held');
    await other.kill();
    let inside = 0;
    const turn = () =>
      withFileLock(path, async () => {
        expect(++inside).toBe(1);
        await new Promise((resolve) => setImmediate(resolve));
        inside -= 1;
        return 'free';
      });
    expect(await Promise.all([turn(), turn(), turn(), turn()])).toEqual(Array(4).fill('free'));
    expect((await readdir(folder)).filter((file) => file.startsWith('killed'))).toEqual([]);
  });

  test('whose number now belongs to a younger process counts as left behind', async () => {
    const path = join(folder, 'reused.lock');
    const seen: string[] = [];
    await withFileLock(path, async () => {
      seen.push(await readFile(path, 'utf8'));
    });
    const owner = { ...JSON.parse(seen[0] ?? ''), start: '1' };
    await writeFile(path, JSON.stringify(owner));
    expect(await withFileLock(path, async () => 'free')).toBe('free');
  });

  test('that nobody can be asked about is left alone for a minute, then removed', async () => {
    const path = join(folder, 'empty.lock');
    await writeFile(path, '');
    await expect(withFileLock(path, async () => undefined, 30)).rejects.toMatchObject({
      code: 'ERR_SIM_BUSY',
    });
    const old = new Date(Date.now() - 120_000);
    await utimes(path, old, old);
    expect(await withFileLock(path, async () => 'free')).toBe('free');
  });

  test('in a folder that is not there fails with the system error', async () => {
    await expect(withFileLock(join(folder, 'no', 'x.lock'), async () => undefined)).rejects.toMatchObject({
      code: 'ENOENT',
    });
  });
});
