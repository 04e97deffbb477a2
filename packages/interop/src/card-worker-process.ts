import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { BindingName } from '@jpki/pcsc';
import type { SigningOutcome, WorkerFailure, WorkerJob, WorkerLine } from './card-worker-protocol.ts';
import { NO_HANG, settlesWithin } from './no-hang.ts';
import { run } from './run.ts';
import { eventually } from './scripted-card.ts';
import { repositoryFolder } from './shared-folder.ts';

/** Milliseconds in which a worker starts and loads its binding: a watchdog. */
const START = 60_000;

const program = join(repositoryFolder, 'packages/interop/dist/card-worker.js');

/** A job that failed, as the worker told it. */
export class WorkerError extends Error {
  override readonly name = 'WorkerError';
  readonly failure: WorkerFailure;

  constructor(failure: WorkerFailure) {
    super(`${failure.name} ${failure.code ?? 'without a code'}: ${failure.message}`);
    this.failure = failure;
  }
}

/** How a worker ended. */
export interface WorkerEnd {
  readonly exitCode: number | null;
  /** What killed it; SIGABRT when it did not end by itself. */
  readonly signal?: NodeJS.Signals;
  readonly stderr: string;
}

/** Compiles the worker, which runs as built packages do. */
export async function buildCardWorker(): Promise<void> {
  const built = await run(join(repositoryFolder, 'node_modules/.bin/tsc'), [
    '-b',
    join(repositoryFolder, 'packages/interop'),
  ]);
  if (built.exitCode !== 0) throw new Error(built.stdout);
}

/** A running card worker: a process of its own, in which a rejection that nobody handles is the end. */
export class CardWorker implements AsyncDisposable {
  /** Events told so far: those of `watch`, and `verified`. */
  readonly events: string[] = [];
  readonly binding: BindingName;
  readonly #process: ChildProcess;
  readonly #waiting: Map<number, (line: WorkerLine) => void> = new Map();
  readonly #closed: Promise<unknown>;
  #stderr = '';
  #jobs = 0;

  private constructor(binding: BindingName, environment: Readonly<Record<string, string>>) {
    this.binding = binding;
    const flags = ['--expose-gc', '--unhandled-rejections=strict'];
    this.#process = spawn(process.execPath, [...flags, program, binding], {
      env: { ...process.env, ...environment },
    });
    this.#process.stderr?.on('data', (chunk: Buffer) => {
      this.#stderr += chunk.toString();
    });
    this.#process.stdin?.on('error', () => undefined);
    this.#closed = once(this.#process, 'close');
    const { stdout } = this.#process;
    if (stdout === null) throw new Error('the output is a pipe');
    createInterface(stdout).on('line', (line) => this.#onLine(JSON.parse(line)));
  }

  /** Starts one and opens PC/SC in it. */
  static async start(
    binding: BindingName,
    environment: Readonly<Record<string, string>>,
  ): Promise<CardWorker> {
    const worker = new CardWorker(binding, environment);
    await worker.do({ job: 'open', binding }, START);
    return worker;
  }

  /**
   * Has a job done.
   *
   * @throws {WorkerError} what the job threw; {Error} when nothing came of it within `patience` ms and the grace of a busy machine.
   */
  async do(job: WorkerJob, patience: number = NO_HANG): Promise<unknown> {
    const id = this.#jobs++;
    const reply = new Promise<WorkerLine>((resolve) => this.#waiting.set(id, resolve));
    this.#process.stdin?.write(`${JSON.stringify({ id, ...job })}\n`);
    if (!(await settlesWithin(reply, patience)))
      throw new Error(`${this.binding}: nothing came of "${job.job}" within ${patience} ms ${this.#stderr}`);
    const line = await reply;
    if ('failure' in line) throw new WorkerError(line.failure);
    return 'value' in line ? line.value : undefined;
  }

  /** Signs on the worker's connection. */
  async sign(
    job: Omit<Extract<WorkerJob, { job: 'sign' }>, 'job'>,
    patience?: number,
  ): Promise<SigningOutcome> {
    return (await this.do({ job: 'sign', ...job }, patience)) as SigningOutcome;
  }

  /** The failure of a job that must not succeed. */
  async failureOf(job: WorkerJob, patience?: number): Promise<WorkerFailure> {
    const value = await this.do(job, patience).catch((error: unknown) => error);
    if (value instanceof WorkerError) return value.failure;
    throw value instanceof Error ? value : new Error(`"${job.job}" succeeded: ${JSON.stringify(value)}`);
  }

  /** Waits until this event was told at least so often. */
  async told(event: string, times = 1): Promise<void> {
    await eventually(() => this.events.filter((each) => each === event).length >= times);
  }

  /** Kills it, as an impatient person does (SIGKILL). */
  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.#closed;
  }

  /** Ends its input, and waits for it to end by itself. @throws {Error} when it does not */
  async end(): Promise<WorkerEnd> {
    this.#process.stdin?.end();
    if (!(await settlesWithin(this.#closed, NO_HANG))) this.#process.kill('SIGABRT');
    await this.#closed;
    const { exitCode, signalCode } = this.#process;
    return { exitCode, stderr: this.#stderr, ...(signalCode && { signal: signalCode }) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) await this.kill();
  }

  #onLine(line: WorkerLine): void {
    if ('event' in line) {
      this.events.push(line.event);
      return;
    }
    this.#waiting.get(line.id)?.(line);
    this.#waiting.delete(line.id);
  }
}
