import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { openPcsc } from '@jpki/pcsc';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { jpki, jpkiPath, jpkiRequirement } from '../src/jpki-command.ts';
import { pcscliteRequirement } from '../src/pcsclite-addon.ts';
import { pcscdRequirement, startPrivatePcscd } from '../src/private-pcscd.ts';
import { requirements } from '../src/requirement.ts';
import { run } from '../src/run.ts';
import { type ServedCard, serveCard } from '../src/served-card.ts';
import { repositoryFolder } from '../src/shared-folder.ts';

const needed = requirements(jpkiRequirement(), pcscliteRequirement(), pcscdRequirement());

interface Diagnosis {
  readonly exitCode: number | null;
  /** Each finding as `CODE severity`. */
  readonly codes: readonly string[];
  readonly text: string;
}

async function doctor(env: Readonly<Record<string, string>>, card = 'pcsc:'): Promise<Diagnosis> {
  const { exitCode, stdout } = await jpki(['--card', card, 'doctor', '--json'], { env });
  return { exitCode, ...findingsIn(stdout) };
}

function findingsIn(stdout: string): Omit<Diagnosis, 'exitCode'> {
  const { findings }: { findings: { code: string; severity: string; message: string; remedy: string }[] } =
    JSON.parse(stdout);
  for (const { severity, message, remedy } of findings) {
    expect(message).not.toBe('');
    if (severity === 'problem') expect(remedy).toMatch(/^[^\n]+$/);
  }
  return { codes: findings.map(({ code, severity }) => `${code} ${severity}`), text: stdout };
}

/** The doctor as a user who is not root. */
async function doctorAsNobody(env: Readonly<Record<string, string>>): Promise<Diagnosis> {
  const { exitCode, stdout } = await run(
    'setpriv',
    ['--reuid=65534', '--regid=65534', '--clear-groups', process.execPath, jpkiPath, 'doctor', '--json'],
    { env: { ...env, LANG: 'C.UTF-8' } },
  );
  return { exitCode, ...findingsIn(stdout) };
}

/** A program of somebody else that keeps the card to itself. */
const HOLDER = `
  import { openPcsc } from ${JSON.stringify(pathToFileURL(join(repositoryFolder, 'packages/pcsc/dist/index.js')).href)};
  const pcsc = await openPcsc({ binding: 'pcsclite' });
  await pcsc.connect(process.argv[1], { share: 'exclusive' });
  console.log('held');
  setInterval(() => undefined, 1000);`;

describe('the doctor, without a card', needed, () => {
  test('finds no service', async () => {
    const { exitCode, codes } = await doctor({ PCSCLITE_CSOCK_NAME: '/nowhere/pcscd.comm' });
    expect(exitCode).toBe(7);
    expect(codes).toEqual(
      expect.arrayContaining(['SOCKET_OVERRIDDEN warning', 'SERVICE_NOT_RUNNING problem']),
    );
    expect(codes.join()).not.toContain('READER');
  });

  test('finds a service without readers, one that hangs and one that was killed', async () => {
    const pcscd = await startPrivatePcscd({ slots: 0 });
    try {
      const running = await doctor(pcscd.environment);
      expect(running.codes).toEqual(
        expect.arrayContaining(['SERVICE_RUNNING ok', 'BINDING ok', 'NO_READER problem']),
      );
      expect(running.exitCode).toBe(7);
      pcscd.freeze(true);
      expect((await doctor(pcscd.environment)).codes).toContain('SERVICE_HANGS problem');
      pcscd.freeze(false);
      await pcscd.kill();
      expect((await doctor(pcscd.environment)).codes).toContain('SERVICE_CRASHED problem');
    } finally {
      await pcscd[Symbol.asyncDispose]();
    }
  });

  test('finds a socket that is closed to this user', async () => {
    const pcscd = await startPrivatePcscd({ slots: 0 });
    try {
      chmodSync(pcscd.environment.PCSCLITE_CSOCK_NAME, 0);
      const isRoot = process.getuid?.() === 0;
      const { exitCode, codes } = await (isRoot ? doctorAsNobody : doctor)(pcscd.environment);
      expect([exitCode, codes]).toEqual([7, expect.arrayContaining(['SERVICE_FORBIDDEN problem'])]);
    } finally {
      await pcscd[Symbol.asyncDispose]();
    }
  });
});

describe('the doctor, with a card in a reader of a real service', needed, () => {
  let served: ServedCard;
  let reader: string;
  beforeAll(async () => {
    served = await serveCard();
    Object.assign(process.env, served.pcscd.environment);
    reader = served.pcscd.slots[0]?.readerName ?? '';
    await using pcsc = await openPcsc({ binding: 'socket' });
    for await (const event of pcsc.watch()) if (event.type === 'card-inserted') break;
  });
  afterAll(() => served[Symbol.asyncDispose]());

  test('finds nothing wrong, asks no PIN and spends no try', async () => {
    const { exitCode, codes, text } = await doctor(served.environment);
    expect(exitCode, text).toBe(0);
    expect(codes).toEqual(
      expect.arrayContaining([
        'SERVICE_RUNNING ok',
        'READERS ok',
        'CARD ok',
        'APPLICATIONS ok',
        'AUTH_CERTIFICATE ok',
        'SIGN_CERTIFICATE ok',
        'CA_GENERATION ok',
        'PIN_TRIES ok',
      ]),
    );
    expect(text).toContain(reader);
    expect(served.card.verifyCount).toBe(0);
  });

  test('finds an addon that does not load, and what works in its place', async () => {
    const { exitCode, codes, text } = await doctor({ ...served.environment, NODE_OPTIONS: '--no-addons' });
    expect([exitCode, codes]).toEqual([0, expect.arrayContaining(['BINDING_FALLBACK warning', 'CARD ok'])]);
    expect(text).toContain('socket');
  });

  test('misses a card in the other reader', async () => {
    const other = served.pcscd.slots[1]?.readerName ?? '';
    const { exitCode, codes } = await doctor(served.environment, `pcsc:${other}`);
    expect([exitCode, codes]).toEqual([7, expect.arrayContaining(['NO_CARD problem'])]);
  });

  test('names who holds the card, and sends it nothing', async () => {
    const { environment } = served;
    const program = spawn(process.execPath, ['--input-type=module', '-e', HOLDER, reader], {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      await once(createInterface(program.stdout), 'line');
      served.commands.length = 0;
      const { exitCode, codes, text } = await doctor(environment);
      expect([exitCode, codes]).toEqual([7, expect.arrayContaining(['CARD_IN_USE problem'])]);
      expect(text).toContain(`node (${program.pid})`);
      expect(served.commands).toEqual([]);
      const list = await jpki(['readers', '--json'], { env: environment });
      expect(JSON.parse(list.stdout).readers[0]).toMatchObject({ cardKind: 'unknown', inUse: true });
      expect(served.commands).toEqual([]);
    } finally {
      program.kill('SIGKILL');
      await once(program, 'close');
    }
  });
});
