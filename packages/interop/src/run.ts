import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Writable } from 'node:stream';

/** How to start a process, and what to feed it. */
export interface RunOptions {
  /** Bytes for standard input; without it the input is empty and closed. */
  readonly input?: string | Uint8Array;
  /** Bytes for further file descriptors, from 3 on without gaps: `{ 3: '1234\n' }`. */
  readonly fds?: Readonly<Record<number, string | Uint8Array>>;
  readonly cwd?: string;
  /** Added to this process's environment; `undefined` removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Milliseconds until the process is killed; 60,000 without it. */
  readonly timeout?: number;
  readonly signal?: AbortSignal;
}

/** What a process did. `exitCode` is null when a signal ended it. */
export interface RunResult {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Standard output as bytes, for commands that write DER or PDF. */
  readonly stdoutBytes: Uint8Array;
  /** Milliseconds from start to end. */
  readonly duration: number;
}

/**
 * Runs a command to its end; a non-zero exit code is a result, not an error.
 *
 * @throws {Error} when the command cannot be started or does not end in time (its output is in the message).
 */
export async function run(
  command: string,
  args: readonly string[] = [],
  options: RunOptions = {},
): Promise<RunResult> {
  const fds = Object.entries(options.fds ?? {}).map(([fd, bytes]) => ({ fd: Number(fd), bytes }));
  const extra = Array.from({ length: Math.max(2, ...fds.map(({ fd }) => fd)) - 2 }, () => 'pipe' as const);
  const started = performance.now();
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ['pipe', 'pipe', 'pipe', ...extra],
    ...(options.signal && { signal: options.signal }),
  });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => stderr.push(chunk));
  feed(child.stdin, options.input ?? '');
  for (const { fd, bytes } of fds) feed(child.stdio[fd], bytes);

  const timeout = options.timeout ?? 60_000;
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    child.kill('SIGKILL');
  }, timeout);
  try {
    const [exitCode, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    const stdoutBytes = Buffer.concat(stdout);
    const result = {
      exitCode,
      signal,
      stdout: stdoutBytes.toString(),
      stderr: Buffer.concat(stderr).toString(),
    };
    if (late) {
      throw new Error(`${command} did not end within ${timeout} ms\n${result.stdout}\n${result.stderr}`);
    }
    return { ...result, stdoutBytes, duration: performance.now() - started };
  } finally {
    clearTimeout(timer);
  }
}

/** Writes and ends; a process that does not read all of its input is no error (EPIPE). */
function feed(stream: unknown, bytes: string | Uint8Array): void {
  if (!(stream instanceof Writable)) throw new Error('the process has no such file descriptor');
  stream.on('error', () => undefined);
  stream.end(bytes);
}
