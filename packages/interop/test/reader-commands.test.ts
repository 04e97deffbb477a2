import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { openPcsc, type Pcsc } from '@jpki/pcsc';
import { openSimulatorPki, openVirtualCard, type PersonaName, type VirtualCard } from '@jpki/simulator';
import { serveVpcd } from '@jpki/simulator/vpcd';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { jpki, jpkiPath, jpkiRequirement } from '../src/jpki-command.ts';
import { pcscliteRequirement } from '../src/pcsclite-addon.ts';
import { type PrivatePcscd, pcscdRequirement, startPrivatePcscd } from '../src/private-pcscd.ts';
import { commandRequirement, requirements } from '../src/requirement.ts';
import { repositoryFolder } from '../src/shared-folder.ts';

const needed = requirements(
  jpkiRequirement(),
  pcscliteRequirement(),
  pcscdRequirement(),
  commandRequirement('script', 'bsdutils'),
);

/** A virtual card in a reader. */
interface Inserted {
  readonly card: VirtualCard;
  remove(): Promise<void>;
}

let pcscd: PrivatePcscd;
let folder: string;
let env: Readonly<Record<string, string>>;
let inserted: Inserted[] = [];
let pcsc: Pcsc;

async function start(): Promise<void> {
  folder = await mkdtemp(join(tmpdir(), 'jpki-readers-'));
  pcscd = await startPrivatePcscd({ slots: 2 });
  env = { ...pcscd.environment, JPKI_SIM_PKI: join(folder, 'pki') };
  Object.assign(process.env, pcscd.environment);
  pcsc = await openPcsc({ binding: 'socket' });
}

async function stop(): Promise<void> {
  await pcsc.close();
  await pcscd[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
}

async function takeAllOut(): Promise<void> {
  await Promise.all(inserted.map((each) => each.remove()));
  inserted = [];
}

const readerOf = (slot: number) => pcscd.slots[slot]?.readerName ?? '';

/** Puts a persona's card into a slot, and waits until the service has seen it. */
async function insert(persona: PersonaName, slot: number): Promise<Inserted> {
  const card = await openVirtualCard({
    persona,
    pki: await openSimulatorPki({ folder: join(folder, 'pki') }),
  });
  const abort = new AbortController();
  const served = serveVpcd(card, { port: pcscd.slots[slot]?.port ?? 0, signal: abort.signal });
  const there = async (present: boolean) => {
    for await (const _ of pcsc.watch()) {
      const reader = (await pcsc.readers()).find(({ name }) => name === readerOf(slot));
      if (reader?.cardPresent === present) return;
    }
  };
  await there(true);
  const result = {
    card,
    remove: async () => {
      abort.abort();
      await served;
      await there(false);
    },
  };
  inserted.push(result);
  return result;
}

/** A running `jpki readers --watch`, line by line. */
class Watch {
  readonly process: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor(...options: readonly string[]) {
    this.process = spawn(process.execPath, [jpkiPath, 'readers', '--watch', ...options], {
      env: { ...process.env, ...env, LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8', TZ: 'Asia/Tokyo' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const { stdout } = this.process;
    if (stdout === null) throw new Error('the output is a pipe');
    this.#lines = createInterface(stdout)[Symbol.asyncIterator]();
  }

  async line(): Promise<string> {
    return String((await this.#lines.next()).value);
  }

  /** The next line as the document it must be. */
  async next(): Promise<unknown> {
    return JSON.parse(await this.line());
  }

  async end(signal: NodeJS.Signals): Promise<number | null> {
    this.process.kill(signal);
    await once(this.process, 'close');
    return this.process.exitCode;
  }
}

const event = (name: string, slot: number, more: object = {}) => ({
  time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
  event: name,
  reader: expect.objectContaining({ name: readerOf(slot), ...more }),
});

describe('jpki readers --watch', needed, () => {
  beforeAll(start);
  afterAll(stop);
  afterEach(takeAllOut);

  test('tells what is there, then each change, in documents of one line', async () => {
    const { card } = await insert('adult', 0);
    const watch = new Watch('--json');
    const first = [await watch.next(), await watch.next(), await watch.next()];
    expect(first).toEqual(
      expect.arrayContaining([
        event('reader-added', 0),
        event('reader-added', 1),
        event('card-inserted', 0, { cardKind: 'individual-number-card', inUse: false }),
      ]),
    );
    expect(card.verifyCount).toBe(0);
    await insert('phone-android', 1);
    expect(await watch.next()).toEqual(event('card-inserted', 1, { cardKind: 'phone-android' }));
    await takeAllOut();
    const gone = [await watch.next(), await watch.next()];
    expect(gone).toEqual(expect.arrayContaining([event('card-removed', 0), event('card-removed', 1)]));
    expect(await watch.end('SIGINT')).toBe(130);
  });

  test('tells a person the time of day', async () => {
    const watch = new Watch('--card', `pcsc:${readerOf(0)}`);
    expect(await watch.line()).toMatch(/^\d\d:\d\d:\d\d {2}Virtual PCD A 00 00: reader connected$/);
    await insert('adult', 0);
    expect(await watch.line()).toMatch(/^\d\d:\d\d:\d\d {2}Virtual PCD A 00 00: Individual Number Card/);
    expect(await watch.line()).toMatch(/^ +ATR 3B/);
    expect(await watch.end('SIGTERM')).toBe(130);
  });

  test('lives through a restart of the service; an interruption is a document of one line as well', async () => {
    const watch = new Watch('--json');
    await watch.next();
    await watch.next();
    await pcscd.stop();
    const seen = [await watch.next(), await watch.next(), await watch.next()];
    const time = expect.any(String);
    expect(seen).toEqual(
      expect.arrayContaining([event('reader-removed', 0), { time, event: 'service-stopped' }]),
    );
    await pcscd.start();
    expect(await watch.next()).toEqual({ time, event: 'service-started' });
    expect([await watch.next(), await watch.next()]).toContainEqual(event('reader-added', 0));
    const ended = watch.end('SIGINT');
    expect(await watch.next()).toMatchObject({ error: { code: 'ERR_INTERRUPTED' } });
    expect(await ended).toBe(130);
  });

  test('ends by --timeout', async () => {
    const watch = new Watch('--json', '--timeout', '0.5');
    let last: unknown;
    for (;;) {
      last = await watch.next();
      if (typeof last === 'object' && last !== null && 'error' in last) break;
    }
    expect(last).toMatchObject({ error: { code: 'ERR_TIMEOUT' } });
    if (watch.process.exitCode === null) await once(watch.process, 'close');
    expect(watch.process.exitCode).toBe(7);
  });
});

/** A program of somebody else that keeps a card to itself. */
const HOLDER = `
  import { openPcsc } from ${JSON.stringify(pathToFileURL(join(repositoryFolder, 'packages/pcsc/dist/index.js')).href)};
  const pcsc = await openPcsc({ binding: 'pcsclite' });
  await pcsc.connect(process.argv[1], { share: 'exclusive' });
  console.log('held');
  setInterval(() => undefined, 1000);`;

describe('a card named by its identity', needed, () => {
  beforeAll(start);
  afterAll(stop);
  afterEach(takeAllOut);

  const status = async (card: string) => {
    const { exitCode, stdout } = await jpki(['--card', card, 'status', '--json'], { env });
    const document: { cardId?: string | null; error?: { code: string; message: string } } =
      JSON.parse(stdout);
    return { exitCode, ...document };
  };

  test('is found in whichever reader it is', async () => {
    await insert('adult', 0);
    await insert('foreign-resident', 1);
    const ids = await Promise.all(
      [0, 1].map(async (slot) => (await status(`pcsc:${readerOf(slot)}`)).cardId),
    );
    expect(new Set(ids).size).toBe(2);
    for (const [slot, id] of ids.entries()) {
      expect(id).toMatch(/^[0-9a-f]{64}$/);
      for (const digits of [id?.slice(0, 8), id?.toUpperCase()]) {
        const { stdout, exitCode } = await jpki(['--card', `pcsc:sha256=${digits}`, 'status'], { env });
        expect(exitCode).toBe(0);
        expect(stdout).toContain(`Reader: ${readerOf(slot)}\n`);
        expect(stdout).toContain(`sha256=${id?.slice(0, 16)}`);
      }
    }
    expect(await status('pcsc:sha256=0000000000')).toMatchObject({
      exitCode: 3,
      error: { code: 'ERR_CARD_NOT_FOUND' },
    });
  });

  test('is found beside a card that somebody else holds, which is sent nothing', async () => {
    const { card } = await insert('child', 0);
    await insert('adult', 1);
    const id = (await status(`pcsc:${readerOf(1)}`)).cardId;
    const holder = spawn(process.execPath, ['--input-type=module', '-e', HOLDER, readerOf(0)], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      await once(createInterface(holder.stdout), 'line');
      const before = card.commandCount;
      expect(await status(`pcsc:sha256=${id}`)).toMatchObject({ exitCode: 0, cardId: id });
      const missing = await status('pcsc:sha256=0000000000');
      expect(missing.error?.message).toContain(readerOf(0));
      expect(card.commandCount).toBe(before);
    } finally {
      holder.kill('SIGKILL');
      await once(holder, 'close');
    }
  });

  test('must be one only; phones have no identity', async () => {
    await insert('adult', 0);
    await insert('adult', 1);
    const id = (await status(`pcsc:${readerOf(0)}`)).cardId;
    expect(await status(`pcsc:sha256=${id}`)).toMatchObject({
      exitCode: 2,
      error: { code: 'ERR_CARD_AMBIGUOUS' },
    });
    await takeAllOut();
    await insert('phone-android', 0);
    expect(await status('pcsc:')).toMatchObject({ exitCode: 0, cardId: null });
    expect(await status(`pcsc:sha256=${id}`)).toMatchObject({ exitCode: 3 });
  });
});

describe('jpki apdu', needed, () => {
  beforeAll(start);
  afterAll(stop);
  afterEach(takeAllOut);

  test('sends raw commands to a card, and resets it', async () => {
    await insert('adult', 0);
    const input =
      'select jpki => 9000\nselect 0018 => 9000\n00200080 => 63C3\nreset\nselect 0018 => 6Axx\natr\n';
    const { exitCode, stdout, stderr } = await jpki(['apdu'], { env, input });
    expect(exitCode, stderr).toBe(0);
    expect(stdout.match(/^ATR 3B/gm)?.length).toBe(2);
  });

  test('at its prompt goes on with a card that was taken out and put in again, after reset', async () => {
    await insert('adult', 0);
    const command = `'${process.execPath}' '${jpkiPath}' --lang en apdu`;
    const shell = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
      env: { ...process.env, ...env, TERM: 'xterm', XDG_STATE_HOME: folder },
    });
    let screen = '';
    shell.stdout.on('data', (chunk: Buffer) => {
      screen += chunk.toString();
    });
    const shows = async (text: string, times = 1) => {
      while (screen.split(text).length <= times) await once(shell.stdout, 'data');
    };
    await shows('apdu> ');
    shell.stdin.write('select jpki\r');
    await shows('9000 success');
    await takeAllOut();
    shell.stdin.write('select 0018\r');
    await shows('apdu> ', 3);
    expect(screen).toMatch(/removed/);
    await insert('adult', 0);
    shell.stdin.write('reset\r');
    await shows('ATR 3B');
    shell.stdin.write('select jpki\r');
    await shows('9000 success', 2);
    shell.stdin.write('quit\r');
    await once(shell, 'close');
    expect(shell.exitCode).toBe(0);
  });
});
