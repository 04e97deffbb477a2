import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { commandRequirement, type Requirement, requirement, requirements } from './requirement.ts';
import { run } from './run.ts';

/** The Maven project of the Java side. */
const PROJECT = resolve(dirname(fileURLToPath(import.meta.url)), '../dss');
const TARGET = join(PROJECT, 'target');
const JAR = join(TARGET, 'dss-judge.jar');

/** Milliseconds for a first build, which downloads some 60 MB. */
const BUILD_DEADLINE = 570_000;

/** A JVM that lives for seconds starts twice as fast with the quick compiler only and the simplest collector. */
const JVM_OPTIONS = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'];

/** Builds unless the stamp ($1) already names these sources ($2). */
const BUILD_ONCE =
  '[ "$(cat "$1" 2>/dev/null)" = "$2" ] || { mvn -B -q package >&2 && printf %s "$2" >"$1"; }';

/** One question to DSS. */
export interface DssJob {
  /** Path of the CMS file (DER) or PDF. */
  readonly signature: string;
  /** Path of the signed content, for a detached signature. */
  readonly content?: string;
  /** Paths of the CA certificates (DER or PEM) to trust. None of the machine's own is trusted. */
  readonly trusted: readonly string[];
  /** The time to validate at; now without it. */
  readonly at?: Date;
  /**
   * `required` is DSS's default policy: without CRL or OCSP data in the file the verdict stays `INDETERMINATE`,
   * since the judge never goes online. `off` (when absent) is the same policy, satisfied without such data.
   */
  readonly revocation?: 'required' | 'off';
}

/** What DSS says of one signature. */
export interface DssSignature {
  /** The level as DSS spells it: `CAdES-BASELINE-B`, `PAdES-BASELINE-B`, `CMS-NOT-ETSI`, `PKCS7-B`, ... */
  readonly format: string;
  /** Signature value, signed attributes, key and content digest fit together. */
  readonly signatureIntact: boolean;
  /** Every digest over content was found and fits. */
  readonly contentIntact: boolean;
  /** Intact, and the content is there. */
  readonly signatureValid: boolean;
  readonly structureValid: boolean;
  readonly structureMessages: readonly string[];
  /** What is covered: `FULL`, `PARTIAL`, ... */
  readonly scopes: readonly string[];
  /** ETSI EN 319 102-1, main status indication. */
  readonly indication: 'TOTAL_PASSED' | 'TOTAL_FAILED' | 'INDETERMINATE';
  /** ETSI EN 319 102-1, such as `HASH_FAILURE`; null when the signature passed. */
  readonly subIndication: string | null;
  /** Common name of the signing certificate; null when DSS did not find the certificate. */
  readonly signer: string | null;
  /** Claimed signing time, ISO 8601. */
  readonly signingTime: string | null;
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
}

/** What DSS says of one file: its signatures, or why it refused to read the file. */
export interface DssAnswer {
  readonly signatures: readonly DssSignature[];
  /** The Java exception, when DSS threw one: a file of no known format is an `UnsupportedOperationException`. */
  readonly error: { readonly type: string; readonly message: string } | null;
}

interface Waiting {
  readonly resolve: (answer: DssAnswer) => void;
  readonly reject: (cause: Error) => void;
}

/**
 * What a suite needs that asks DSS: Java 17, Maven, and DSS built. Builds it when the sources changed; the first
 * time this takes as long as the download.
 *
 * @throws {Error} when the Java sources do not compile (that is our fault, not a missing requirement), or when
 *   something is missing and `JPKI_REQUIRE_ALL=1`.
 */
export async function dssRequirement(): Promise<Requirement> {
  const tools = requirements(
    commandRequirement('javac', 'openjdk-17-jdk-headless'),
    commandRequirement('mvn', 'maven'),
    commandRequirement('flock', 'util-linux'),
  );
  if (tools.skip) return tools;
  const failure = await build();
  return requirement('DSS', failure === undefined, `Maven could not build packages/interop/dss: ${failure}`);
}

/** Starts the judge. Ask {@link dssRequirement} first: it builds what this starts. */
export function dssJudge(): DssJudge {
  return new DssJudge(spawn('java', [...JVM_OPTIONS, '-jar', JAR]));
}

/**
 * The EU's reference validator, running: one Java process answers the questions of a whole test file. It ends
 * with {@link close}, or with the process that started it, whose end closes its input.
 */
export class DssJudge implements AsyncDisposable {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #waiting = new Map<string, Waiting>();
  readonly #closed: Promise<unknown>;
  #nextId = 1;
  #log = '';
  #ended = false;

  constructor(process: ChildProcessWithoutNullStreams) {
    this.#process = process;
    this.#closed = once(process, 'close').catch((cause: unknown) => this.#end(`cannot start: ${cause}`));
    process.once('close', (code) => this.#end(`ended with exit code ${code}`));
    process.stdin.on('error', () => undefined);
    process.stderr.on('data', (chunk: Buffer) => {
      this.#log = `${this.#log}${chunk}`.slice(-4000);
    });
    createInterface({ input: process.stdout }).on('line', (line) => this.#hear(line));
  }

  /**
   * Asks about one file. Questions may be asked side by side; they are answered in turn.
   *
   * @throws {Error} when the Java process ended before it answered; its error output is in the message.
   */
  ask(job: DssJob): Promise<DssAnswer> {
    if (this.#ended) return Promise.reject(new Error(`the DSS judge has ended\n${this.#log}`));
    const id = String(this.#nextId++);
    const line = JSON.stringify({
      id,
      signature: resolve(job.signature),
      content: job.content === undefined ? null : resolve(job.content),
      trusted: job.trusted.map((path) => resolve(path)),
      at: job.at?.toISOString() ?? null,
      revocation: job.revocation ?? 'off',
    });
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#process.stdin.write(`${line}\n`);
    });
  }

  /** Lets it answer what was asked, then ends it. */
  async close(): Promise<void> {
    this.#process.stdin.end();
    await this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #hear(line: string): void {
    const { id, ...answer }: DssAnswer & { id: string } = JSON.parse(line);
    this.#waiting.get(id)?.resolve(answer);
    this.#waiting.delete(id);
  }

  #end(how: string): void {
    this.#ended = true;
    for (const { reject } of this.#waiting.values()) {
      reject(new Error(`the DSS judge ${how}\n${this.#log}`));
    }
    this.#waiting.clear();
  }
}

/**
 * Builds the jar unless it is there and made of these sources. Test files run side by side, so a file lock, which
 * the kernel takes back from a killed process, lets only one of them build.
 *
 * @returns why the tools or libraries could not be had, or undefined when the jar is ready.
 * @throws {Error} when the sources do not compile.
 */
async function build(): Promise<string | undefined> {
  await mkdir(TARGET, { recursive: true });
  const stamp = join(TARGET, 'built-from');
  const args = [join(TARGET, 'build.lock'), 'sh', '-c', BUILD_ONCE, 'sh', stamp, await sourceHash()];
  const { exitCode, stderr } = await run('flock', args, { cwd: PROJECT, timeout: BUILD_DEADLINE });
  if (exitCode === 0) return undefined;
  if (/\.java:\[\d+,\d+\]/.test(stderr)) throw new Error(`the DSS judge does not compile\n${stderr}`);
  return stderr.split('\n').find((line) => line.includes('ERROR')) ?? `exit code ${exitCode}`;
}

/** SHA-256 over the pom and the Java sources, with their names. */
async function sourceHash(): Promise<string> {
  const found = await readdir(join(PROJECT, 'src'), { recursive: true, withFileTypes: true });
  const files = found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const hash = createHash('sha256');
  for (const file of [join(PROJECT, 'pom.xml'), ...files.sort()]) {
    hash
      .update(`${file.slice(PROJECT.length)}\0`)
      .update(await readFile(file))
      .update('\0');
  }
  return hash.digest('hex');
}
