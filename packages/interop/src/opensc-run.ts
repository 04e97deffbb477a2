import { existsSync, readdirSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { toHex } from '@jpki/iso7816';
import { type HeadingEntry, importTrace, type MaskedBytes, type Trace, type TraceEntry } from '@jpki/trace';
import { pcscdRequirement } from './private-pcscd.ts';
import { commandRequirement, type Requirement, requirement, requirements } from './requirement.ts';
import { type RunOptions, type RunResult, run } from './run.ts';
import { type ServedCard, type ServedExchange, serveCard } from './served-card.ts';

/** Milliseconds in which pcscd must have written what the card saw. */
const DEADLINE = 60_000;

/** What the runs below need. */
export function openScRequirement(): Requirement {
  return requirements(pcscdRequirement(), commandRequirement('pkcs15-tool', 'opensc'));
}

/** What a run under {@link runOpenSc} with `spy` needs besides. */
export function spyRequirement(): Requirement {
  return requirements(
    commandRequirement('pcsc-spy', 'libpcsclite-dev'),
    requirement('libpcscspy', spyLibrary() !== undefined, 'apt install libpcsclite-dev'),
  );
}

/** Where Debian's libpcsclite-dev puts the library that stands between a program and libpcsclite. */
function spyLibrary(): string | undefined {
  const folders = readdirSync('/usr/lib', { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return folders
    .map(({ name }) => join('/usr/lib', name, 'libpcscspy.so.0'))
    .find((path) => existsSync(path));
}

/** One run of a program of OpenSC, and all that was written down about it. */
export interface OpenScRun {
  readonly result: RunResult;
  /** What the card saw and said. */
  readonly exchanges: readonly ServedExchange[];
  /** All that pcscd wrote since it started. */
  readonly pcscdLog: string;
  /** For `pcsc-spy` to read; empty without `spy`. */
  readonly spyFile: string;
}

/** How to run OpenSC. */
export interface OpenScRunOptions extends RunOptions {
  /** Put libpcscspy between OpenSC and libpcsclite. */
  readonly spy?: boolean;
}

/** Runs a program of OpenSC on a served card. */
export async function runOpenSc(
  served: ServedCard,
  command: string,
  args: readonly string[],
  options: OpenScRunOptions = {},
): Promise<OpenScRun> {
  const { spy = false, ...runOptions } = options;
  const before = served.exchanges.length;
  const home = join(served.folder, 'home');
  const spyFile = join(home, 'pcsc-spy');
  await mkdir(home, { recursive: true });
  await writeFile(spyFile, '');
  const configuration = await served.save('opensc.conf', spy ? configurationWithSpy() : 'app default {\n}\n');
  const result = await run(command, args, {
    ...runOptions,
    env: { ...served.environment, HOME: home, OPENSC_CONF: configuration, ...runOptions.env },
  });
  await untilWritten(served);
  return {
    result,
    exchanges: served.exchanges.slice(before),
    pcscdLog: served.pcscd.log,
    spyFile: await readFile(spyFile, 'utf8'),
  };
}

/** OpenSC loads libpcsclite by name, so that preloading would not do: its configuration names the library. */
function configurationWithSpy(): string {
  return `app default {\n  reader_driver pcsc {\n    provider_library = ${spyLibrary()};\n  }\n}\n`;
}

/** pcscd's output comes through a pipe, and may come after the end of the program. */
async function untilWritten(served: ServedCard): Promise<void> {
  const written = () => served.pcscd.log.match(/ SW: .*\n/g)?.length ?? 0;
  if (written() === 0) return;
  for (const end = performance.now() + DEADLINE; written() < served.exchanges.length; await delay(10)) {
    if (performance.now() > end) throw new Error('pcscd did not write all APDUs into its log');
  }
}

/** A trace that belongs into `apdu-traces/golden`. */
export interface GoldenRun {
  /** Name of the file. */
  readonly file: string;
  readonly trace: Trace;
}

/** Bytes to sign: no message has this hash. */
const HASH = new Uint8Array(32).fill(0x5a);

/**
 * Has OpenSC read the certificate for user authentication (利用者証明用電子証明書) of the virtual card, and sign with its key,
 * and takes both traces from pcscd's log. The PIN is typed into standard input, and is in neither trace.
 *
 * @throws {Error} when OpenSC fails, with its words.
 */
export async function recordOpenScRuns(): Promise<readonly GoldenRun[]> {
  return [
    {
      file: 'opensc-read-certificate.apdu',
      trace: await record('OpenSC reads the certificate for user authentication', 'pkcs15-tool', [
        '--read-certificate',
        '01',
      ]),
    },
    {
      file: 'opensc-sign.apdu',
      trace: await record('OpenSC signs with the key for user authentication', 'pkcs15-crypt', [
        ...['--sign', '--key', '01', '--sha-256', '--pkcs1', '--pin', '-'],
        ...['--input', 'hash', '--output', 'signature'],
      ]),
    },
  ];
}

async function record(title: string, command: string, args: readonly string[]): Promise<Trace> {
  await using served = await serveCard('adult', { verbosity: 'all' });
  await served.save('hash', HASH);
  const { result, pcscdLog } = await runOpenSc(served, command, args, {
    input: '1234\n',
    cwd: served.folder,
  });
  if (result.exitCode !== 0) throw new Error(`${command} failed: ${result.stderr}`);
  const { header, entries } = importTrace(pcscdLog, { holder: 'invented' });
  return {
    header: {
      title,
      ...header,
      software: `${await openScVersion()}, ${command}; ${header.software}`,
      card: 'virtual card',
      source: 'a virtual card of this project, persona adult',
      obtained: "imported from pcscd's log (--apdu --debug)",
    },
    entries: withHeadings(entries),
  };
}

/** `OpenSC 0.23.0` */
async function openScVersion(): Promise<string> {
  const { stdout } = await run('opensc-tool', ['--info']);
  return /^OpenSC [\d.]+/.exec(stdout)?.[0] ?? 'OpenSC';
}

/** A heading before the first command that begins so, or before the command `ahead` of it. */
const HEADINGS: readonly { readonly begins: string; readonly ahead?: number; readonly text: string }[] = [
  { begins: '', text: 'which card is it? OpenSC asks for the applications of other cards' },
  {
    begins: '00A4040C0AD392F00026',
    text: 'it is this one: JPKI, 公的個人認証AP; how many tries have its PINs left?',
  },
  { begins: '00A4020C02000A', text: 'the certificate for user authentication, 利用者証明用電子証明書' },
  { begins: '0020008004', ahead: 1, text: 'its PIN, 利用者証明用パスワード' },
  { begins: '00A4020C020017', text: 'its key, and the signature' },
];

function withHeadings(entries: readonly TraceEntry[]): TraceEntry[] {
  const commands = entries.filter((entry) => entry.type === 'command');
  const headings = new Map<TraceEntry | undefined, HeadingEntry>();
  for (const { begins, ahead = 0, text } of HEADINGS) {
    const first = commands.findIndex(({ bytes }) => firstBytes(bytes).startsWith(begins));
    headings.set(commands[first - ahead], { type: 'heading', text });
  }
  return entries.flatMap((entry) => [headings.get(entry) ?? [], entry].flat());
}

function firstBytes([first]: MaskedBytes): string {
  return first instanceof Uint8Array ? toHex(first) : '';
}
