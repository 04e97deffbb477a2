import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Card, type CardSession, encodeResponse, fromHex, Pin, toHex } from '@jpki/iso7816';
import { openPcsc, type Pcsc } from '@jpki/pcsc';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { pcscliteRequirement } from '../src/pcsclite-addon.ts';
import { type PrivatePcscd, pcscdRequirement, startPrivatePcscd } from '../src/private-pcscd.ts';
import { requirements } from '../src/requirement.ts';
import { run } from '../src/run.ts';
import { eventually, ScriptedCard } from '../src/scripted-card.ts';
import { repositoryFolder } from '../src/shared-folder.ts';

const AP = fromHex('D392F000260100000001');
const MANAGER = fromHex('A0000001510000');
const LOCK = '00A4040C07A0000001510000';
const VERIFY = '002000800434383231';
const SIGN = '802A008002AABB00';
const SHARED = { share: 'shared', disposition: 'leave' } as const;

/** What an applet sends to sign, with the lock at its end; `before` is called in front of each command. */
async function signing(session: CardSession, before: (step: number) => Promise<void>): Promise<void> {
  await before(0);
  await session.selectDf(AP);
  try {
    await before(1);
    await session.selectEf(0x0018);
    await before(2);
    await session.triesLeft(0x0018);
    await before(3);
    await session.verify(0x0018, Pin.fromBytes(new TextEncoder().encode('4821')));
    await before(4);
    await session.selectEf(0x0017);
    await before(5);
    await session.execute({ cla: 0x80, ins: 0x2a, p1: 0, p2: 0x80, data: fromHex('AABB'), le: 256 });
    await before(6);
  } finally {
    await session.selectDf(MANAGER, { evenIfAborted: true });
  }
}

describe('two programs at one card of a real pcscd', requirements(pcscdRequirement()), () => {
  let pcscd: PrivatePcscd;
  let pcsc: Pcsc;
  let card: ScriptedCard;
  let name: string;

  beforeAll(async () => {
    pcscd = await startPrivatePcscd({ slots: 2 });
    Object.assign(process.env, pcscd.environment);
    name = pcscd.slots[0]?.readerName ?? '';
    card = new ScriptedCard(pcscd.slots[0]?.port ?? 0, (command) =>
      encodeResponse(command[1] === 0x20 && command.length === 4 ? 0x63c3 : 0x9000),
    );
    await card.insert();
  });
  afterAll(async () => {
    await card[Symbol.asyncDispose]();
    await pcscd[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    pcsc = await openPcsc({ binding: 'socket' });
    await eventually(async () =>
      (await pcsc.readers()).some((reader) => reader.name === name && reader.cardPresent),
    );
    card.commands.length = 0;
  });
  afterEach(() => pcsc.close());

  const sent = () => card.commands.map(toHex);
  const count = (command: string) => sent().filter((each) => each === command).length;
  /** Somebody else connects, and leaves with a reset. */
  const reset = async () => {
    const other = await pcsc.connect(name, { share: 'shared', disposition: 'leave' });
    await other.reset('warm');
    await other[Symbol.asyncDispose]();
  };

  test.each([
    [0, undefined],
    [1, undefined],
    [2, undefined],
    [3, 'ERR_PIN_OUTCOME_UNKNOWN'],
    [4, 'ERR_CARD_RESET'],
    [5, 'ERR_CARD_RESET'],
    [6, undefined],
  ])('a reset before command %i of a signature: nothing twice, and the card is locked', async (at, code) => {
    const channel = await pcsc.connect(name, SHARED);
    // Outside a transaction, so that the other program is let in.
    const loose = {
      atr: channel.atr,
      transmit: (command: Uint8Array) => channel.transmit(command),
      recover: () => channel.recover(),
      [Symbol.asyncDispose]: () => channel[Symbol.asyncDispose](),
    };
    const failure = await new Card(loose)
      .exclusive((session) => signing(session, async (step) => (step === at ? reset() : undefined)))
      .catch((error: unknown) => error);
    // The question for the tries is not repeated either, but at index 2 the SELECT before it met no reset.
    if (at === 2) expect(failure).toMatchObject({ code: 'ERR_CARD_RESET' });
    else if (code === undefined) expect(failure).toBeUndefined();
    else expect(failure).toMatchObject({ code });
    expect(count(VERIFY)).toBeLessThanOrEqual(1);
    expect(count(SIGN)).toBeLessThanOrEqual(1);
    expect(sent().at(-1)).toBe(LOCK);
    await new Card(loose).exclusive((session) => signing(session, async () => undefined));
    await channel[Symbol.asyncDispose]();
  });

  test('signatures of both come one after the other, whole', async () => {
    const cards = await Promise.all([1, 2, 3].map(async () => new Card(await pcsc.connect(name, SHARED))));
    await Promise.all(
      cards.map((one) => one.exclusive((session) => signing(session, async () => undefined))),
    );
    const all = sent();
    expect(all).toHaveLength(21);
    for (const start of [0, 7, 14]) expect(all.slice(start, start + 7)).toEqual(all.slice(0, 7));
    for (const one of cards) await one[Symbol.asyncDispose]();
  });

  test('who comes second to an exclusive user is refused; to a shared one, is let in with transactions', async () => {
    const first = await pcsc.connect(name);
    expect(first.share).toBe('exclusive');
    await expect(pcsc.connect(name)).rejects.toMatchObject({
      code: 'ERR_PCSC_SHARING_VIOLATION',
      readerName: name,
    });
    await first[Symbol.asyncDispose]();
    const open = await pcsc.connect(name, SHARED);
    const second = await pcsc.connect(name, { disposition: 'leave' });
    expect(second.share).toBe('shared');
    await second.transaction(() => second.transmit(fromHex('00CA0001')));
    await second[Symbol.asyncDispose]();
    await open[Symbol.asyncDispose]();
  });

  test(
    'the addon is no hindrance: what it cannot hold for itself is shared by the socket',
    pcscliteRequirement(),
    async () => {
      const open = await pcsc.connect(name, SHARED);
      const usual = await openPcsc();
      expect(usual.binding.name).toBe('pcsclite');
      const channel = await usual.connect(name, { disposition: 'leave' });
      expect(channel.share).toBe('shared');
      await new Card(channel).exclusive((session) => signing(session, async () => undefined));
      expect(sent().at(-1)).toBe(LOCK);
      await usual.close();
      await open[Symbol.asyncDispose]();
    },
  );

  test('a reset of our own in the middle of a transaction keeps others out all the same', async () => {
    const mine = await pcsc.connect(name, SHARED);
    const other = await pcsc.connect(name, { ...SHARED, transactionTimeout: 300 });
    await mine.transaction(async () => {
      for (const kind of ['warm', 'cold'] as const) {
        await mine.reset(kind);
        await mine.transmit(fromHex('00CA0001'));
        await expect(other.transaction(async () => undefined)).rejects.toMatchObject({
          code: 'ERR_PCSC_SHARING_VIOLATION',
        });
      }
    });
    await eventually(async () => other.transaction(async () => true).catch(() => false));
    await Promise.all([mine, other].map((channel) => channel[Symbol.asyncDispose]()));
  });

  test('closing takes the power of a shared card, but only when the other program is done', async () => {
    const leaving = await pcsc.connect(name, { share: 'shared' });
    const working = await pcsc.connect(name, SHARED);
    const before = card.power.length;
    let closed: Promise<void> | undefined;
    await working.transaction(async () => {
      closed = leaving[Symbol.asyncDispose]();
      for (let turn = 0; turn < 5; turn++) {
        await working.transmit(fromHex('00CA0001'));
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      expect(card.power.slice(before)).toEqual([]);
    });
    await closed;
    expect(card.power.slice(before)).toContain('off');
    await expect(working.transmit(fromHex('00CA0001'))).rejects.toMatchObject({ code: 'ERR_CARD_RESET' });
    await working[Symbol.asyncDispose]();
  });

  test('the reader says that it has no features', async () => {
    const channel = await pcsc.connect(name, SHARED);
    expect((await channel.features()).size).toBe(0);
    expect(channel.protocol).toBe('T=1');
    await channel[Symbol.asyncDispose]();
  });

  test('a worker thread chooses the socket by itself, and the process ends by itself', async () => {
    const built = join(repositoryFolder, 'packages/pcsc');
    await run(join(repositoryFolder, 'node_modules/.bin/tsc'), ['-b', built]);
    const url = pathToFileURL(join(built, 'dist/index.js')).href;
    const worker = `
      import('node:worker_threads').then(async ({ parentPort }) => {
        const { openPcsc } = await import(${JSON.stringify(url)});
        const pcsc = await openPcsc();
        const channel = await pcsc.connect(${JSON.stringify(name)});
        const answer = Buffer.from(await channel.transmit(Uint8Array.of(0, 0xca, 0, 1)));
        parentPort.postMessage(pcsc.binding.name + ' ' + answer.toString('hex'));
        await pcsc.close();
      });`;
    const program = `
      import { Worker } from 'node:worker_threads';
      new Worker(${JSON.stringify(worker)}, { eval: true }).on('message', console.log);`;
    const result = await run(process.execPath, ['--input-type=module', '-e', program], {
      timeout: 60_000,
      env: pcscd.environment,
    });
    expect(result).toMatchObject({ exitCode: 0, stderr: '', stdout: 'socket 9000\n' });
  });
});
