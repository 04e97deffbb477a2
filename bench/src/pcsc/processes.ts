import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { run } from '@jpki/interop/run';
import { workFolder } from '../identity.ts';

const CANDIDATE = fileURLToPath(new URL('candidate.js', import.meta.url));
const CARD = fileURLToPath(new URL('slow-and-quick-card.js', import.meta.url));
const C_SOURCE = fileURLToPath(new URL('../../native/round-trip.c', import.meta.url));

/** A process that answers a line with a line. */
export class Candidate {
  readonly name: string;
  readonly #child: ChildProcess;
  readonly #answers: AsyncIterator<string>;

  constructor(name: string, command: string, args: readonly string[], env: Readonly<Record<string, string>>) {
    this.name = name;
    this.#child = spawn(command, args, {
      env: { ...process.env, ...env, NODE_EXTRA_CA_CERTS: undefined },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const { stdout } = this.#child;
    if (stdout === null) throw new Error('a candidate has an output');
    this.#answers = createInterface({ input: stdout })[Symbol.asyncIterator]();
  }

  async ask(line: string): Promise<string> {
    this.#child.stdin?.write(`${line}\n`);
    return this.next();
  }

  /** The next line that comes by itself. @throws {Error} when the process ended instead. */
  async next(): Promise<string> {
    const { done, value } = await this.#answers.next();
    if (done) throw new Error(`"${this.name}" ended without an answer`);
    return value;
  }

  async close(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.stdin?.end();
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 5_000);
    await ended;
    clearTimeout(timer);
  }
}

/** A JavaScript candidate of `ways.ts`. */
export function candidate(name: string, reader: string, env: Readonly<Record<string, string>>): Candidate {
  return new Candidate(name, process.execPath, ['--expose-gc', CANDIDATE, name, reader], env);
}

/** The C program, compiled. @throws {Error} with the compiler's words when it cannot be. */
export async function cProgram(): Promise<string> {
  const program = join(workFolder, 'round-trip');
  const flags = await run('pkg-config', ['--cflags', '--libs', 'libpcsclite']);
  const { exitCode, stderr } = await run('gcc', [
    '-O2',
    '-o',
    program,
    C_SOURCE,
    ...flags.stdout.trim().split(/\s+/),
  ]);
  if (exitCode !== 0) throw new Error(`gcc could not compile round-trip.c: ${stderr}`);
  return program;
}

/** Puts the bench's card into the reader on this port; resolves when the reader has taken it. */
export async function insertCard(port: number): Promise<AsyncDisposable> {
  const child = fork(CARD, [String(port)]);
  await once(child, 'message');
  return {
    async [Symbol.asyncDispose]() {
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}

/** Libraries to compare with, installed into a scratch folder: none of them is a dependency of this workspace. */
export async function installPeers(): Promise<string> {
  const folder = join(workFolder, 'peers');
  const { exitCode, stderr } = await run(
    'npm',
    ['install', '--prefix', folder, '--no-audit', '--no-fund', ...PEERS],
    { timeout: 300_000 },
  );
  if (exitCode !== 0 || !existsSync(join(folder, 'node_modules'))) {
    throw new Error(`npm could not install the libraries to compare with: ${stderr}`);
  }
  return folder;
}

const PEERS = ['pcsclite@1.0.1', '@pokusew/pcsclite@0.6.0', 'pcsc-mini@0.1.3'];
