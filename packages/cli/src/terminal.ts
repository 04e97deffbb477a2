import { closeSync, openSync, writeSync } from 'node:fs';
import { ReadStream } from 'node:tty';

/** The terminal of this process, whatever stdin and stdout are. */
export class Terminal {
  readonly input: ReadStream;
  readonly #descriptor: number;
  readonly #restore: () => void;

  private constructor(descriptor: number) {
    this.#descriptor = descriptor;
    this.input = new ReadStream(descriptor);
    this.#restore = () => this.input.setRawMode(false);
  }

  /** @returns `undefined` when there is none. */
  static open(): Terminal | undefined {
    let descriptor: number;
    try {
      descriptor = openSync(process.platform === 'win32' ? '\\\\.\\CON' : '/dev/tty', 'r+');
    } catch {
      return undefined;
    }
    try {
      return new Terminal(descriptor);
    } catch {
      closeSync(descriptor);
      return undefined;
    }
  }

  /** Turns echo off, writes `question` and runs `work`; the terminal echoes again on every way out. */
  async ask<T>(question: string, work: (input: ReadStream) => Promise<T>): Promise<T> {
    // For an exit that runs no `finally`: the person must not be left with a terminal that does not echo.
    process.on('exit', this.#restore);
    try {
      // Echo first goes off, then the question appears: nothing can be typed at it in the open.
      this.input.setRawMode(true);
      this.write(question);
      return await work(this.input);
    } finally {
      this.input.pause();
      this.#restore();
      process.off('exit', this.#restore);
    }
  }

  write(text: string): void {
    writeSync(this.#descriptor, text);
  }

  close(): void {
    this.input.destroy();
  }
}
