import { setTimeout as delay } from 'node:timers/promises';
import { encodeResponse } from '@jpki/iso7816';
import {
  type BindingCard,
  type ObservedReader,
  openPcsc,
  type PcscBinding,
  type ReaderObservation,
  type ShareMode,
  socketBinding,
} from '@jpki/pcsc';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { soon } from '../src/no-hang.ts';
import { type PrivatePcscd, pcscdRequirement, startPrivatePcscd } from '../src/private-pcscd.ts';
import { eventually, ScriptedCard } from '../src/scripted-card.ts';

const GET_DATA = (length: number) => Uint8Array.of(0x00, 0xca, length >> 8, length & 0xff, 0x00);
const SLOW = Uint8Array.of(0x00, 0xee, 0, 0);

/** GET DATA gives as many bytes as P1-P2 say; INS FF takes the card away; INS EE takes half a second. */
async function answer(command: Uint8Array): Promise<Uint8Array | 'remove'> {
  const [, ins, p1 = 0, p2 = 0] = command;
  if (ins === 0xff) return 'remove';
  if (ins === 0xee) await delay(500);
  const length = ins === 0xca ? (p1 << 8) | p2 : 0;
  return encodeResponse(
    0x9000,
    Uint8Array.from({ length }, (_, index) => index & 0xff),
  );
}

/** What an observation told, and whether it ended. */
function watched(binding: PcscBinding) {
  const seen: { readers: readonly ObservedReader[] | undefined; lost: unknown; updates: number } = {
    readers: undefined,
    lost: undefined,
    updates: 0,
  };
  const observation = binding.observe({
    update: (readers) => {
      seen.readers = readers;
      seen.updates++;
    },
    lost: (error) => {
      seen.lost = error;
    },
  });
  return { seen, observation };
}

describe('the socket binding on a real pcscd', pcscdRequirement(), () => {
  let pcscd: PrivatePcscd;
  let binding: PcscBinding;
  let card: ScriptedCard;
  let first: string;
  let second: string;
  const cards: BindingCard[] = [];
  const observations: ReaderObservation[] = [];

  const observe = () => {
    const { seen, observation } = watched(binding);
    observations.push(observation);
    return { seen, observation };
  };
  const cardSeen = (seen: ReturnType<typeof observe>['seen']) =>
    seen.readers?.some(({ name, cardPresent }) => name === first && cardPresent) === true;
  const connect = async (share: ShareMode = 'shared') => {
    const connected = await binding.connect(first, share);
    cards.push(connected);
    return connected as Required<BindingCard>;
  };
  const inserted = async () => {
    const { seen, observation } = observe();
    if (!card.inserted) await card.insert();
    await eventually(() => cardSeen(seen));
    await observation.close();
  };

  beforeAll(async () => {
    pcscd = await startPrivatePcscd({ slots: 2 });
    [first = '', second = ''] = pcscd.slots.map(({ readerName }) => readerName);
    card = new ScriptedCard(pcscd.slots[0]?.port ?? 0, answer);
    binding = socketBinding({ path: pcscd.environment.PCSCLITE_CSOCK_NAME });
  });
  afterAll(async () => {
    await card[Symbol.asyncDispose]();
    await pcscd[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    if (pcscd.pid === undefined) await pcscd.start();
    await inserted();
  });
  afterEach(async () => {
    for (const connected of cards.splice(0)) await connected.disconnect('leave').catch(() => undefined);
    if (!card.inserted && pcscd.pid !== undefined) {
      const { seen } = observe();
      await eventually(() => seen.readers !== undefined && !cardSeen(seen));
    }
    for (const observation of observations.splice(0)) await observation.close();
  });

  describe('an observation', () => {
    test('is complete at once, and counts what happens to a card', async () => {
      const { seen } = observe();
      await eventually(() => seen.readers !== undefined);
      const [before] = seen.readers ?? [];
      expect(seen.updates).toBe(1);
      expect(seen.readers).toEqual([
        { name: first, cardPresent: true, unresponsive: false, atr: card.atr, changes: before?.changes },
        { name: second, cardPresent: false, unresponsive: false, changes: 0 },
      ]);
      card.remove();
      await eventually(() => !cardSeen(seen));
      expect(seen.readers?.[0]).toEqual({
        name: first,
        cardPresent: false,
        unresponsive: false,
        changes: (before?.changes ?? 0) + 1,
      });
      await card.insert();
      await eventually(() => cardSeen(seen));
      expect(seen.readers?.[0]?.changes).toBe((before?.changes ?? 0) + 2);
    });

    test.each(['stop', 'kill'] as const)(
      'is lost on a %s of the service; another one works after a start',
      async (end) => {
        const { seen } = observe();
        await eventually(() => seen.readers !== undefined);
        await pcscd[end]();
        await eventually(() => seen.lost !== undefined);
        expect(seen.lost).toMatchObject({ name: 'ScardFailure', scardCode: 0x80100013 });
        const none = observe();
        await eventually(() => none.seen.lost !== undefined);
        expect(none.seen.lost).toMatchObject({ scardCode: 0x8010001d });
        await expect(connect()).rejects.toMatchObject({ scardCode: 0x8010001d });
        await pcscd.start();
        await inserted();
        expect(await (await connect()).transmit(GET_DATA(1))).toHaveLength(3);
      },
    );

    test('of a frozen service leaves the event loop free, and closes within seconds', async () => {
      const { seen, observation } = observe();
      await eventually(() => seen.readers !== undefined);
      const connected = await connect();
      pcscd.freeze(true);
      try {
        const late = observe();
        const answered = connected.transmit(GET_DATA(1));
        let turns = 0;
        const timer = setInterval(() => turns++, 5);
        await eventually(() => turns > 10);
        clearInterval(timer);
        await soon('closing', Promise.all([observation.close(), late.observation.close()]));
        expect([seen.lost, late.seen.lost, late.seen.readers]).toEqual([undefined, undefined, undefined]);
        // More than the service's queue holds.
        const queued = Array.from({ length: 8 }, () => connect());
        await delay(100);
        pcscd.freeze(false);
        expect(await answered).toHaveLength(3);
        expect(await Promise.all(queued)).toHaveLength(8);
      } finally {
        pcscd.freeze(false);
      }
    });
  });

  describe('a card', () => {
    test.each([0, 256, 300, 1_000, 65_533])('gives an answer of %i bytes whole', async (length) => {
      const connected = await connect();
      expect(connected.protocol).toBe('T=1');
      expect(await connected.transmit(GET_DATA(length))).toEqual(await answer(GET_DATA(length)));
    });

    test('takes a command of 65,000 bytes', async () => {
      const data = new Uint8Array(65_000).fill(0x5a);
      const command = Uint8Array.of(0x00, 0xd6, 0, 0, 0, data.length >> 8, data.length & 0xff, ...data);
      expect(await (await connect()).transmit(command)).toEqual(Uint8Array.of(0x90, 0x00));
      expect(card.commands.at(-1)).toEqual(command);
    });

    test('has a reader whose name can be asked for, although the service finds no room for it', async () => {
      const pcsc = await openPcsc({ binding });
      const channel = await pcsc.connect(first);
      const name = new TextEncoder().encode(`${first}\0`);
      expect(await channel.attribute('friendlyName')).toEqual(name);
      expect(await channel.attribute('systemName')).toEqual(name);
      expect(channel.atr).toEqual(card.atr);
      await pcsc.close();
    });

    test('tells its attributes; those it has not, and control codes, are refused with a code', async () => {
      const connected = await connect();
      // TAG_IFD_ATR is the only one that vpcd has.
      expect(await connected.attribute(0x0303)).toEqual(card.atr);
      await expect(connected.attribute(0x00010100)).rejects.toMatchObject({ scardCode: 0x8010001f });
      await expect(connected.control(0x42000d48, new Uint8Array())).rejects.toMatchObject({
        name: 'ScardFailure',
        scardCode: expect.any(Number),
      });
      expect(await connected.transmit(GET_DATA(1))).toHaveLength(3);
    });

    test('is reset warm and cold, in the same connection', async () => {
      const connected = await connect('exclusive');
      let before = card.power.length;
      await connected.reconnect('exclusive', 'reset');
      expect(card.power.slice(before)).toEqual(['reset']);
      before = card.power.length;
      await connected.reconnect('exclusive', 'unpower');
      expect(card.power.slice(before)).toEqual(['off', 'on']);
      expect(await connected.transmit(GET_DATA(1))).toHaveLength(3);
    });

    test('that somebody else reset is usable again after a reconnection', async () => {
      const [one, other] = [await connect(), await connect()];
      await other.disconnect('reset');
      await expect(one.transmit(GET_DATA(1))).rejects.toMatchObject({ scardCode: 0x80100068 });
      await one.reconnect('shared', 'leave');
      expect(await one.transmit(GET_DATA(1))).toHaveLength(3);
    });

    test('belongs to one of two transactions at a time; commands without one wait too', async () => {
      const [one, other] = [await connect(), await connect()];
      await one.begin();
      const order: string[] = [];
      const begun = other.begin().then(() => order.push('begun'));
      await one.transmit(GET_DATA(1));
      await delay(300);
      order.push('ended');
      await one.end('leave');
      await begun;
      expect(order).toEqual(['ended', 'begun']);
      const waiting = one.transmit(GET_DATA(2)).then(() => order.push('sent'));
      await delay(100);
      order.push('ended');
      await other.end('leave');
      await waiting;
      expect(order).toEqual(['ended', 'begun', 'ended', 'sent']);
    });

    test('is refused where another has it exclusively, and where there is none', async () => {
      await connect('exclusive');
      await expect(connect()).rejects.toMatchObject({ scardCode: 0x8010000b });
      await expect(binding.connect(second, 'shared')).rejects.toMatchObject({ scardCode: 0x8010000c });
      await expect(binding.connect('No Such Reader', 'shared')).rejects.toMatchObject({
        scardCode: 0x80100009,
      });
      const direct = await binding.connect(second, 'direct');
      expect(direct.protocol).toBe(undefined);
      await direct.disconnect('leave');
    });

    test('taken away in the middle of a command gives less than a status word or a failure', async () => {
      const connected = await connect();
      const outcome = await connected.transmit(Uint8Array.of(0, 0xff, 0, 0)).catch((error) => error);
      if (outcome instanceof Uint8Array) expect(outcome.length).toBeLessThan(2);
      else expect(outcome).toMatchObject({ name: 'ScardFailure' });
    });

    test('does not wait for a slow one in another reader, nor for the observation', async () => {
      await using other = new ScriptedCard(pcscd.slots[1]?.port ?? 0, answer);
      await other.insert();
      const { seen } = observe();
      await eventually(() => seen.readers?.every(({ cardPresent }) => cardPresent) === true);
      const slow = await binding.connect(second, 'shared');
      const quick = await connect();
      const order: string[] = [];
      const slowly = slow.transmit(SLOW).then(() => order.push('slow'));
      await Promise.all([1, 2, 3].map(() => quick.transmit(GET_DATA(1)).then(() => order.push('quick'))));
      await slowly;
      expect(order).toEqual(['quick', 'quick', 'quick', 'slow']);
      await slow.disconnect('unpower');
      other.remove();
      await eventually(() => seen.readers?.[1]?.cardPresent === false);
    });
  });
});
