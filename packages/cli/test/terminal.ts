import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';

/** A program in a terminal of its own (`script` of util-linux), and what it wrote there. */
export class Terminal {
  readonly #process: ChildProcessWithoutNullStreams;
  /** It has ended, and all it wrote has come. */
  readonly #closed: Promise<unknown>;
  screen = '';

  constructor(command: string, folder: string, env?: Readonly<Record<string, string>>) {
    this.#process = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
      cwd: folder,
      ...(env && { env: { PATH: process.env['PATH'] ?? '', ...env } }),
    });
    this.#closed = once(this.#process, 'close');
    this.#process.stdout.on('data', (chunk: Buffer) => {
      this.screen += chunk.toString('latin1');
    });
  }

  type(keys: string): void {
    this.#process.stdin.write(keys);
  }

  /** Waits until the screen has shown `text` so often; the test's own time limit ends a wait in vain. */
  async shows(text: string, times = 1): Promise<void> {
    while (this.screen.split(text).length <= times)
      await new Promise((resolve) => this.#process.stdout.once('data', resolve));
  }

  /** The terminal's own settings, asked from outside. */
  settings(): string {
    const device = /\/dev\/pts\/\d+/.exec(this.screen)?.[0] ?? '';
    return execFileSync('stty', ['-F', device, '-a']).toString();
  }

  /** Waits for the end; the screen ends with what the shell printed after the program. */
  async ended(): Promise<string> {
    await this.#closed;
    return this.screen;
  }

  /** What the program wrote, as text. */
  get text(): string {
    return Buffer.from(this.screen, 'latin1').toString('utf8');
  }
}
