import { type CardChannel, encodeResponse } from '@jpki/iso7816';
import { openPcsc, type Pcsc, type ReaderEvent } from '@jpki/pcsc';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { pcscliteRequirement } from '../src/pcsclite-addon.ts';
import { type PrivatePcscd, pcscdRequirement, startPrivatePcscd } from '../src/private-pcscd.ts';
import { requirements } from '../src/requirement.ts';
import { eventually, ScriptedCard } from '../src/scripted-card.ts';

const GET_DATA = (length: number) => Uint8Array.of(0x00, 0xca, length >> 8, length & 0xff, 0x00);

/** What a card computes at INS EE: half a second. */
const HALF_A_SECOND = () => new Promise<void>((resolve) => setTimeout(resolve, 500));
let compute: () => Promise<void> = HALF_A_SECOND;

/** GET DATA gives as many bytes as P1-P2 say; INS FF takes the card away; INS EE computes. */
async function answer(command: Uint8Array): Promise<Uint8Array | 'remove'> {
  const [, ins, p1 = 0, p2 = 0] = command;
  if (ins === 0xff) return 'remove';
  if (ins === 0xee) await compute();
  if (ins !== 0xca) return encodeResponse(0x9000);
  return encodeResponse(
    0x9000,
    Uint8Array.from({ length: (p1 << 8) | p2 }, (_, index) => index & 0xff),
  );
}

describe(
  'the pcsclite binding on a real pcscd',
  requirements(pcscdRequirement(), pcscliteRequirement()),
  () => {
    let pcscd: PrivatePcscd;
    let pcsc: Pcsc;
    let card: ScriptedCard;
    let first: string;
    let second: string;

    const cardIn = async (name: string) =>
      (await pcsc.readers()).some((reader) => reader.name === name && reader.cardPresent);

    const removed = () => eventually(async () => !(await cardIn(first)));
    const inserted = async () => {
      await card.insert();
      await eventually(() => cardIn(first));
    };

    beforeAll(async () => {
      pcscd = await startPrivatePcscd({ slots: 2 });
      // The client library reads it once per process, at its first call.
      Object.assign(process.env, pcscd.environment);
      [first = '', second = ''] = pcscd.slots.map(({ readerName }) => readerName);
      card = new ScriptedCard(pcscd.slots[0]?.port ?? 0, answer);
    });
    afterAll(async () => {
      await card[Symbol.asyncDispose]();
      await pcscd[Symbol.asyncDispose]();
    });

    beforeEach(async () => {
      if (pcscd.pid === undefined) await pcscd.start();
      pcsc = await openPcsc();
      if (!card.inserted) await inserted();
    });
    afterEach(async () => {
      // Put back before the service noticed that it was gone, a card would not be seen again: pcscd already calls
      // the slot empty when it could not power the card down, but looks for the next card only after its own poll.
      if (!card.inserted && pcscd.pid !== undefined) await removed();
      await pcsc.close();
    });

    const withCard = async <T>(work: (channel: CardChannel) => Promise<T>): Promise<T> => {
      const channel = await pcsc.connect(first);
      try {
        return await work(channel);
      } finally {
        await channel[Symbol.asyncDispose]();
      }
    };

    describe('readers', () => {
      test('lists them with and without a card, complete at the first question of a new context', async () => {
        const fresh = await openPcsc();
        const readers = await fresh.readers();
        await fresh.close();
        expect(readers).toEqual([
          { name: first, cardPresent: true, unresponsive: false, atr: card.atr },
          { name: second, cardPresent: false, unresponsive: false },
        ]);
      });

      test('refuses a reader that is not there and one without a card, naming them', async () => {
        await expect(pcsc.connect('No Such Reader 00 00')).rejects.toMatchObject({
          code: 'ERR_PCSC_NO_READER',
          readerName: 'No Such Reader 00 00',
        });
        await expect(pcsc.connect(second)).rejects.toMatchObject({
          code: 'ERR_PCSC_NO_CARD',
          remedy: 'insert-card',
          readerName: second,
          scardCode: 0x8010000c,
        });
      });
    });

    describe('a card', () => {
      test('answers commands, and its channel tells the ATR', async () => {
        await withCard(async (channel) => {
          expect(channel.atr).toEqual(card.atr);
          expect(await channel.transmit(GET_DATA(3))).toEqual(Uint8Array.of(0, 1, 2, 0x90, 0x00));
        });
      });

      test.each([0, 256, 300, 1_000, 65_533])('gives an answer of %i bytes whole', async (length) => {
        const response = await withCard((channel) => channel.transmit(GET_DATA(length)));
        expect(response).toEqual(await answer(GET_DATA(length)));
      });

      test('takes an extended command', async () => {
        const data = new Uint8Array(2_000).fill(0x5a);
        const command = Uint8Array.of(0x00, 0xd6, 0, 0, 0, data.length >> 8, data.length & 0xff, ...data);
        await withCard((channel) => channel.transmit(command));
        expect(card.commands.at(-1)).toEqual(command);
      });

      test('gets commands one after the other, in order, even if they are given at once', async () => {
        const before = card.commands.length;
        const lengths = [5, 1, 4, 2, 3];
        const answers = await withCard((channel) =>
          Promise.all(lengths.map((length) => channel.transmit(GET_DATA(length)))),
        );
        expect(answers.map((response) => response.length - 2)).toEqual(lengths);
        expect(card.commands.slice(before).map((command) => command[3])).toEqual(lengths);
      });

      test('loses its power when the channel closes, so that no PIN stays verified', async () => {
        const before = card.power.length;
        await withCard((channel) => channel.transmit(GET_DATA(0)));
        await eventually(() => card.power.slice(before).includes('off'));
      });

      test('leaves the event loop free while it computes', async () => {
        let turns = 0;
        const timer = setInterval(() => {
          turns++;
        }, 10);
        // It is done when the loop, in which the card itself lives too, has turned often.
        compute = () => {
          turns = 0;
          return eventually(() => turns > 10);
        };
        await withCard((channel) => channel.transmit(Uint8Array.of(0x00, 0xee, 0, 0)));
        clearInterval(timer);
        compute = HALF_A_SECOND;
        expect(turns).toBeGreaterThan(10);
      });

      test('can be connected to again and again', async () => {
        for (let round = 0; round < 10; round++) {
          expect(await withCard((channel) => channel.transmit(GET_DATA(1)))).toHaveLength(3);
        }
      });

      test('is waited for by a close in the middle of a command, and then refuses further ones', async () => {
        const channel = await pcsc.connect(first);
        const slow = channel.transmit(Uint8Array.of(0x00, 0xee, 0, 0));
        await pcsc.close();
        expect(await slow).toEqual(Uint8Array.of(0x90, 0x00));
        await expect(channel.transmit(GET_DATA(1))).rejects.toMatchObject({ code: 'ERR_PCSC_CLOSED' });
      });
    });

    describe('a card taken away', () => {
      test('in the middle of a command is a removed card, and stays one', async () => {
        const channel = await pcsc.connect(first);
        const gone = { name: 'CardRemovedError', code: 'ERR_CARD_REMOVED', remedy: 'reinsert-card' };
        await expect(channel.transmit(Uint8Array.of(0x00, 0xff, 0, 0))).rejects.toMatchObject(gone);
        await expect(channel.transmit(GET_DATA(1))).rejects.toMatchObject(gone);
        await channel[Symbol.asyncDispose]();
      });

      test('between two commands is a removed card', async () => {
        const channel = await pcsc.connect(first);
        await channel.transmit(GET_DATA(1));
        card.remove();
        await removed();
        await expect(channel.transmit(GET_DATA(1))).rejects.toMatchObject({ code: 'ERR_CARD_REMOVED' });
        await channel[Symbol.asyncDispose]();
      });

      test('and put back can be connected to again, the old channel not used', async () => {
        const old = await pcsc.connect(first);
        await expect(old.transmit(Uint8Array.of(0x00, 0xff, 0, 0))).rejects.toThrow();
        await removed();
        await inserted();
        await expect(old.transmit(GET_DATA(1))).rejects.toMatchObject({ code: 'ERR_CARD_REMOVED' });
        await old[Symbol.asyncDispose]();
        expect(await withCard((channel) => channel.transmit(GET_DATA(1)))).toHaveLength(3);
      });
    });

    describe('a second connection', () => {
      test('to a card in exclusive use is refused after a second of patience, naming the reader', async () => {
        const channel = await pcsc.connect(first);
        const started = performance.now();
        await expect(pcsc.connect(first)).rejects.toMatchObject({
          code: 'ERR_PCSC_SHARING_VIOLATION',
          remedy: 'retry',
          readerName: first,
          message: expect.stringContaining(first),
        });
        expect(performance.now() - started).toBeGreaterThanOrEqual(1_000);
        await channel[Symbol.asyncDispose]();
      });

      test('succeeds when the first one ends within that second', async () => {
        const channel = await pcsc.connect(first);
        const waiting = pcsc.connect(first);
        await new Promise((resolve) => setTimeout(resolve, 150));
        await channel[Symbol.asyncDispose]();
        await (await waiting)[Symbol.asyncDispose]();
      });

      test('can be aborted while it waits, with the reason of its signal', async () => {
        const channel = await pcsc.connect(first);
        const reason = new Error('enough');
        const controller = new AbortController();
        const waiting = pcsc.connect(first, { signal: controller.signal });
        setTimeout(() => controller.abort(reason), 200);
        await expect(waiting).rejects.toBe(reason);
        await channel[Symbol.asyncDispose]();
      });

      test('is possible in shared mode', async () => {
        const one = await pcsc.connect(first, { share: 'shared', disposition: 'leave' });
        const other = await pcsc.connect(first, { share: 'shared', disposition: 'leave' });
        expect(await one.transmit(GET_DATA(1))).toHaveLength(3);
        expect(await other.transmit(GET_DATA(2))).toHaveLength(4);
        await one[Symbol.asyncDispose]();
        await other[Symbol.asyncDispose]();
      });

      test('that resets the card is noticed by the other', async () => {
        const one = await pcsc.connect(first, { share: 'shared' });
        const other = await pcsc.connect(first, { share: 'shared', disposition: 'reset' });
        await other[Symbol.asyncDispose]();
        await expect(one.transmit(GET_DATA(1))).rejects.toMatchObject({ code: 'ERR_CARD_RESET' });
        await one[Symbol.asyncDispose]();
      });
    });

    describe('watch', () => {
      test('tells first what is there, then what happens, and ends with the reason of its signal', async () => {
        const seen: ReaderEvent[] = [];
        const controller = new AbortController();
        const reason = new Error('seen enough');
        const watching = (async () => {
          for await (const event of pcsc.watch({ signal: controller.signal })) seen.push(event);
        })();
        await eventually(() => seen.length >= 3);
        expect(seen).toEqual([
          { type: 'reader-added', reader: expect.objectContaining({ name: first, cardPresent: true }) },
          { type: 'card-inserted', readerName: first, atr: card.atr },
          { type: 'reader-added', reader: expect.objectContaining({ name: second, cardPresent: false }) },
        ]);
        card.remove();
        await removed();
        await inserted();
        await eventually(() => seen.length >= 5);
        expect(seen.slice(3)).toEqual([
          { type: 'card-removed', readerName: first },
          { type: 'card-inserted', readerName: first, atr: card.atr },
        ]);
        controller.abort(reason);
        await expect(watching).rejects.toBe(reason);
      });

      test('ends when the connection to the service is closed', async () => {
        const watching = (async () => {
          for await (const event of pcsc.watch()) expect(event.type).toMatch(/^(reader|card)-/);
        })();
        await new Promise((resolve) => setTimeout(resolve, 50));
        await pcsc.close();
        await watching;
      });

      test('lives through a stop and a start of the service', async () => {
        const types: string[] = [];
        const controller = new AbortController();
        const watching = (async () => {
          for await (const { type } of pcsc.watch({ signal: controller.signal })) types.push(type);
        })();
        await eventually(() => types.length >= 3);
        await pcscd.stop();
        await eventually(() => types.includes('service-stopped'));
        await pcscd.start();
        await eventually(() => types.filter((type) => type === 'reader-added').length === 4);
        expect(types.indexOf('service-started')).toBeGreaterThan(types.indexOf('service-stopped'));
        controller.abort();
        await expect(watching).rejects.toThrow();
      });
    });

    test('a watch tells of a restart, however short it was', async () => {
      const types: string[] = [];
      const watching = (async () => {
        for await (const { type } of pcsc.watch()) types.push(type);
      })();
      await eventually(() => types.includes('card-inserted'));
      types.length = 0;
      await pcscd.kill();
      await pcscd.start();
      await eventually(() => types.filter((type) => type === 'reader-added').length === 2);
      expect(types.slice(0, 4).sort()).toEqual(
        ['card-removed', 'reader-removed', 'reader-removed', 'service-stopped'].sort(),
      );
      expect(types.slice(3, 5)).toEqual(['service-stopped', 'service-started']);
      await inserted();
      await pcsc.close();
      await watching;
    });

    describe('the service', () => {
      const noService = { code: 'ERR_PCSC_NO_SERVICE', remedy: 'start-service' };

      test.each(['stop', 'kill'] as const)(
        '%s: typed errors, and the next call works once it is back',
        async (end) => {
          const channel = await pcsc.connect(first);
          await pcscd[end]();
          await expect(channel.transmit(GET_DATA(1))).rejects.toMatchObject(noService);
          await expect(channel.transmit(GET_DATA(1))).rejects.toMatchObject(noService);
          await channel[Symbol.asyncDispose]();
          await expect(pcsc.readers()).rejects.toMatchObject(noService);
          await expect(pcsc.connect(first)).rejects.toMatchObject(noService);
          await pcscd.start();
          await inserted();
          expect(await withCard((again) => again.transmit(GET_DATA(1)))).toHaveLength(3);
        },
      );

      test('restarting in the middle of a command loses the card, not the process', async () => {
        const channel = await pcsc.connect(first);
        const slow = channel.transmit(Uint8Array.of(0x00, 0xee, 0, 0));
        await Promise.all([
          expect(slow).rejects.toMatchObject({ name: expect.stringMatching(/Error$/) }),
          pcscd.kill(),
        ]);
        await channel[Symbol.asyncDispose]();
        await pcscd.start();
        await inserted();
      });
    });

    test('takes back a call that was aborted before it began', async () => {
      const reason = new Error('not now');
      const signal = AbortSignal.abort(reason);
      await expect(pcsc.readers({ signal })).rejects.toBe(reason);
      await expect(pcsc.connect(first, { signal })).rejects.toBe(reason);
      await expect(openPcsc({ signal })).rejects.toBe(reason);
    });

    test('refuses everything after its close, which can be called twice', async () => {
      await pcsc.close();
      await pcsc.close();
      await expect(pcsc.readers()).rejects.toMatchObject({ code: 'ERR_PCSC_CLOSED' });
      await expect(pcsc.connect(first)).rejects.toMatchObject({ code: 'ERR_PCSC_CLOSED' });
    });
  },
);
