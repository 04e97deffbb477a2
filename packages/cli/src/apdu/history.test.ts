import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { HISTORY_LINES, History, historyPath } from './history.ts';

const folder = mkdtempSync(join(tmpdir(), 'jpki-history-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the history of the shell', () => {
  it('lies in the state folder', () => {
    expect(historyPath({ XDG_STATE_HOME: '/s' }, 'linux')).toBe('/s/jpki/apdu-history');
    expect(historyPath({}, 'linux')).toBe(join(homedir(), '.local/state/jpki/apdu-history'));
    expect(historyPath({ LOCALAPPDATA: 'local' }, 'win32')).toBe(join('local', 'jpki', 'apdu-history'));
  });

  it('is for the owner alone, and never has a PIN', () => {
    const path = join(folder, 'state', 'jpki', 'apdu-history');
    const history = new History(path);
    for (const line of ['select jpki', '002000800431323334', '00 20 0080 04 3132', 'oops 1234', '00B0000004'])
      history.add(line);
    expect(readFileSync(path, 'utf8')).toBe('select jpki\n00B0000004\n');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(path, '..')).mode & 0o777).toBe(0o700);
    expect(history.load()).toEqual(['00B0000004', 'select jpki']);
  });

  it('drops what somebody else wrote into the file, and what is too much', () => {
    const path = join(folder, 'long');
    const lines = Array.from({ length: HISTORY_LINES + 9 }, (_, at) => `00B0${(at + 4096).toString(16)}00`);
    writeFileSync(path, ['002000800431323334', ...lines, ''].join('\n'), { mode: 0o644 });
    expect(new History(path).load()).toEqual(lines.slice(9).reverse());
    expect(readFileSync(path, 'utf8')).not.toContain('31323334');
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('is empty where the file is none, and goes on without', () => {
    mkdirSync(join(folder, 'directory'));
    symlinkSync(join(folder, 'long'), join(folder, 'link'));
    for (const name of ['directory', 'link', 'absent'])
      expect(new History(join(folder, name)).load()).toEqual([]);
    expect(() => new History(join(folder, 'directory')).add('atr')).not.toThrow();
    expect(() => new History(join(folder, 'long', 'below')).add('atr')).not.toThrow();
  });
});
