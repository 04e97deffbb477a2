import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type Readable, Writable } from 'node:stream';

/** How to start a process, and what to feed it. */
export interface RunOptions {
  /** Bytes for standard input; without it the input is empty and closed. */
  readonly input?: string | Uint8Array;
  /** Bytes for further file descriptors, from 3 on without gaps: `{ 3: '1234\n' }`. */
  readonly fds?: Readonly<Record<number, string | Uint8Array>>;
  readonly cwd?: string;
  /** Added to this process's environment; `undefined` removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Milliseconds until the process is killed; 180,000 without it. */
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
  const started = performance.now();
  const child = startChild(command, args, options);
  const stdout = collected(child.stdout);
  const stderr = collected(child.stderr);
  const { timeout = 180_000 } = options;
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    child.kill('SIGKILL');
  }, timeout);
  try {
    await once(child, 'close');
  } finally {
    clearTimeout(timer);
  }
  const stdoutBytes = Buffer.concat(stdout);
  const texts = { stdout: stdoutBytes.toString(), stderr: Buffer.concat(stderr).toString() };
  if (late) {
    throw new Error(`${command} did not end within ${timeout} ms\n${texts.stdout}\n${texts.stderr}`);
  }
  const duration = performance.now() - started;
  return { exitCode: child.exitCode, signal: child.signalCode, ...texts, stdoutBytes, duration };
}

function startChild(command: string, args: readonly string[], options: RunOptions): ChildProcess {
  const { input = '', fds = {}, cwd, env, signal } = options;
  const numbered = Object.entries(fds).map(([fd, bytes]) => ({ fd: Number(fd), bytes }));
  const extra = Array.from(
    { length: Math.max(2, ...numbered.map(({ fd }) => fd)) - 2 },
    () => 'pipe' as const,
  );
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'pipe', ...extra],
    ...(signal && { signal }),
  });
  feed(child.stdin, input);
  for (const { fd, bytes } of numbered) feed(child.stdio[fd], bytes);
  return child;
}

/** What a stream gives, in pieces; all of it when the process has closed. */
function collected(stream: Readable | null): readonly Buffer[] {
  const chunks: Buffer[] = [];
  stream?.on('data', (chunk: Buffer) => chunks.push(chunk));
  return chunks;
}

/** Writes and ends; a process that does not read all of its input is no error (EPIPE). */
function feed(stream: unknown, bytes: string | Uint8Array): void {
  if (!(stream instanceof Writable)) throw new Error('the process has no such file descriptor');
  stream.on('error', () => undefined);
  stream.end(bytes);
}
