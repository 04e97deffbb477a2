import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { jobs } from './process-jobs.ts';

/** A process that has loaded the sources and waits for its job. */
export class OtherProcess {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor(child: ChildProcess, lines: Interface) {
    this.#child = child;
    this.#lines = lines[Symbol.asyncIterator]();
  }

  /** Lets it begin. */
  go(): void {
    this.#child.stdin?.write('go\n');
  }

  /** The next line it prints. */
  async line(): Promise<string> {
    const { value, done } = await this.#lines.next();
    if (done) throw new Error('the other process ended without a word');
    return value;
  }

  /** Ends it as a crash would. */
  async kill(): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }
}

/** Starts a process for one of {@link jobs} and waits until it is ready. */
export async function otherProcess(
  job: keyof typeof jobs,
  ...args: readonly string[]
): Promise<OtherProcess> {
  const script = fileURLToPath(new URL('./other-process.mjs', import.meta.url));
  const child = spawn(process.execPath, [script, job, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  const other = new OtherProcess(child, createInterface({ input: child.stdout }));
  if ((await other.line()) !== 'ready') throw new Error('the other process did not get ready');
  return other;
}
