import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, inject } from 'vitest';
import type {} from './shared-keys.ts';

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
    afterAll(() => rmSync(this.folder, { recursive: true, force: true }));
  }

  /** Path of a file in the folder. */
  path(name: string): string {
    return join(this.folder, name);
  }

  /** Folder of the keys of the virtual cards, which all test files share. */
  readonly pki: string = inject('simulatorKeys');

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
    const [bytes, stderr, code] = await Promise.all([
      collected(child.stdout),
      collected(child.stderr).then((written) => written.toString('utf8')),
      new Promise<number | null>((resolve) => child.on('close', resolve)),
    ]);
    const stdout = bytes.toString('utf8');
    return {
      code,
      stdout,
      bytes,
      stderr,
      get json() {
        return parse(stdout);
      },
    };
  }
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
