import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { closeSync, existsSync, mkdtempSync, openSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, inject } from 'vitest';
import { main } from '../src/main.ts';

/** The command as it is shipped. */
export const BIN: string = fileURLToPath(new URL('../dist/bin.cjs', import.meta.url));

/** How a run of the command ended. */
export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  /** The same, as it was written. */
  readonly bytes: Buffer;
  readonly stderr: string;
  /** The JSON document on stdout. */
  readonly json: JsonObject;
}

export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: Json;
}

export interface RunOptions {
  /** Called with the running process, to interrupt it. */
  readonly meanwhile?: (child: { kill(signal: NodeJS.Signals): boolean }) => Promise<void>;
  /** Bytes on descriptor 3, for `--pin-fd 3`. */
  readonly pin?: string | Uint8Array;
  /** Bytes on descriptor 4, for `--new-pin-fd 4` and `--code-fd 4`. */
  readonly second?: string | Uint8Array;
  readonly stdin?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
}

/** A folder of its own; removed after the test file. */
export class Bench {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'jpki-cli-'));
  readonly #env: Readonly<Record<string, string>>;

  constructor(env: Readonly<Record<string, string>> = {}) {
    if (!existsSync(BIN)) throw new Error('the command is not built; run `pnpm build` first');
    this.#env = env;
    afterAll(() => {
      process.chdir(tmpdir());
      rmSync(this.folder, { recursive: true, force: true });
    });
  }

  /** Path of a file in the folder. */
  path(name: string): string {
    return join(this.folder, name);
  }

  /** Folder of the keys of the virtual cards, which all test files share. */
  readonly pki: string = inject('simulatorKeys');

  /**
   * Runs `jpki ...args` inside this process: what is told by many cases does not need a process for each. There must be
   * nobody to ask: a PIN is given, or the card has a public one.
   */
  async call(
    args: readonly string[],
    { pin, second }: Pick<RunOptions, 'pin' | 'second'> = {},
  ): Promise<Run> {
    if (process.cwd() !== this.folder) this.#settle();
    const written: Record<1 | 2, Uint8Array[]> = { 1: [], 2: [] };
    const given = new Map([
      ['3', pin],
      ['4', second],
    ]);
    const opened: number[] = [];
    const words = args.map((word, at) => {
      const bytes = /^--(?:new-pin|pin|code)-fd$/.test(args[at - 1] ?? '') ? given.get(word) : undefined;
      if (bytes === undefined) return word;
      opened.push(this.#descriptorOf(bytes));
      return String(opened.at(-1));
    });
    const code = await main(words, (descriptor, bytes) => written[descriptor].push(Uint8Array.from(bytes)));
    for (const descriptor of opened) closeSync(descriptor);
    return runOf(code, Buffer.concat(written[1]), Buffer.concat(written[2]));
  }

  /** Makes this process look like one that is started in the folder. */
  #settle(): void {
    process.chdir(this.folder);
    for (const name of ['LC_ALL', 'LC_MESSAGES']) delete process.env[name];
    process.env['LANG'] = 'C.UTF-8';
    process.env['JPKI_SIM_PKI'] = this.pki;
  }

  #descriptorOf(bytes: string | Uint8Array): number {
    const path = this.path(`.given-${randomUUID()}`);
    writeFileSync(path, bytes);
    const descriptor = openSync(path, 'r');
    unlinkSync(path);
    return descriptor;
  }

  /** Runs `jpki ...args` in the folder as a process of its own. English, no terminal, nothing inherited. */
  async run(args: readonly string[], { pin, second, stdin, env, meanwhile }: RunOptions = {}): Promise<Run> {
    const child = spawn(process.execPath, [BIN, ...args], {
      cwd: this.folder,
      env: {
        PATH: process.env['PATH'] ?? '',
        LANG: 'C.UTF-8',
        JPKI_SIM_PKI: this.pki,
        ...this.#env,
        ...env,
      },
      stdio: ['pipe', 'pipe', 'pipe', 'pipe', 'pipe'],
      // A session of its own has no terminal: nobody can be asked.
      detached: true,
    });
    const [input, , , third, fourth] = child.stdio;
    for (const [stream, bytes] of [
      [input, stdin],
      [third, pin],
      [fourth, second],
    ] as const) {
      if (stream === null || stream === undefined || !('end' in stream)) continue;
      stream.on('error', () => undefined);
      stream.end(bytes);
    }
    await meanwhile?.(child);
    const [stdout, stderr, code] = await Promise.all([
      collected(child.stdout),
      collected(child.stderr),
      new Promise<number | null>((resolve) => child.on('close', resolve)),
    ]);
    return runOf(code, stdout, stderr);
  }
}

function runOf(code: number | null, bytes: Buffer, words: Buffer): Run {
  const stdout = bytes.toString('utf8');
  return {
    code,
    stdout,
    bytes,
    stderr: words.toString('utf8'),
    get json() {
      return parse(stdout);
    },
  };
}

function parse(stdout: string): JsonObject {
  const value: JsonObject = JSON.parse(stdout);
  return value;
}

async function collected(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}
