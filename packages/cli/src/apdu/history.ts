import { appendFileSync, chmodSync, lstatSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { mayBeRemembered } from './statement.ts';

/** Most lines that are kept. */
export const HISTORY_LINES = 500;

/** Largest file that is read, bytes: a longer one was not written by us. */
const MAX_FILE = 64 * 1024 * 1024;

type Environment = Readonly<Record<string, string | undefined>>;

/** Where the history lies: the state folder of the XDG base directories; on Windows the local application data. */
export function historyPath(env: Environment, platform: NodeJS.Platform = process.platform): string {
  if (platform === 'win32')
    return join(env['LOCALAPPDATA'] || join(homedir(), 'AppData', 'Local'), 'jpki', 'apdu-history');
  return join(env['XDG_STATE_HOME'] || join(homedir(), '.local', 'state'), 'jpki', 'apdu-history');
}

/**
 * The lines typed at the shell, over sessions. Only what {@link mayBeRemembered} lets pass is ever kept. For the
 * comfort of a person: where the file cannot be used, the session goes on without.
 */
export class History {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** The lines, the newest first; the file is cut to {@link HISTORY_LINES}. */
  load(): string[] {
    try {
      const facts = lstatSync(this.#path);
      if (!facts.isFile() || facts.size > MAX_FILE) return [];
      const all = readFileSync(this.#path, 'utf8').split('\n').filter(mayBeRemembered);
      const lines = all.slice(-HISTORY_LINES);
      chmodSync(this.#path, 0o600);
      if (lines.length < all.length) writeFileSync(this.#path, `${lines.join('\n')}\n`);
      return lines.reverse();
    } catch {
      return [];
    }
  }

  /** Keeps a line, if it may be kept. */
  add(line: string): void {
    if (!mayBeRemembered(line)) return;
    try {
      mkdirSync(join(this.#path, '..'), { recursive: true, mode: 0o700 });
      appendFileSync(this.#path, `${line.trim()}\n`, { mode: 0o600 });
    } catch {
      // A home that cannot be written: see the class.
    }
  }
}
