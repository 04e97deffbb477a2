import type { BindingName, ConnectOptions } from '@jpki/pcsc';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type CardScene, cardScene } from '../src/card-scene.ts';
import { buildCardWorker, CardWorker } from '../src/card-worker-process.ts';
import type { SigningOutcome } from '../src/card-worker-protocol.ts';
import { soon } from '../src/no-hang.ts';
import { miniRequirement } from '../src/pcsc-mini-addon.ts';
import { pcscliteRequirement } from '../src/pcsclite-addon.ts';
import { pcscdRequirement } from '../src/private-pcscd.ts';
import { requirements } from '../src/requirement.ts';
import { eventually } from '../src/scripted-card.ts';
import { isGenuine } from '../src/signature-check.ts';
import type { Fate } from '../src/slot-card.ts';
import { unplugged } from '../src/unplugged-readers.ts';

const TEXT = 'a document';

/** A program for each binding, each with a card of its own: one disaster meets all of them. */
const BINDINGS: readonly BindingName[] = ['socket', 'pcsclite', 'pcsc-mini'];

/** A frozen service says nothing at all: only the caller's patience ends a call. Milliseconds. */
const OPTIONS: ConnectOptions = { timeout: 4_000, transmitTimeout: 2_000 };

/** How a service ends, or seems to. */
const ENDS = ['stop', 'kill', 'freeze'] as const;
type End = (typeof ENDS)[number];

/** What a call may meet: no service; a card lost with it; or silence, of one that is frozen. */
const CODES: Readonly<Record<End, readonly string[]>> = {
  stop: [
    'ERR_PCSC_NO_SERVICE',
    'ERR_CARD_REMOVED',
    'ERR_CARD_RESET',
    'ERR_PCSC_NO_READER',
    'ERR_PCSC_NO_CARD',
  ],
  kill: ['ERR_PCSC_NO_SERVICE', 'ERR_CARD_REMOVED'],
  freeze: ['ERR_PCSC_TIMEOUT'],
};

const needed = requirements(pcscdRequirement(), pcscliteRequirement(), miniRequirement());

describe('programs whose PC/SC service goes away', needed, () => {
  let scene: CardScene;
  let workers: readonly CardWorker[];

  beforeAll(async () => {
    await buildCardWorker();
    scene = await cardScene(4);
  });
  afterAll(() => scene?.[Symbol.asyncDispose]());
  beforeEach(async () => {
    workers = await Promise.all(BINDINGS.map((name) => CardWorker.start(name, scene.pcscd.environment)));
    for (const card of scene.cards) card.forget();
  });
  afterEach(async () => {
    const ends = await Promise.all(workers.map((worker) => worker.end()));
    expect(ends).toEqual(workers.map(() => ({ exitCode: 0, stderr: '' })));
  });

  const cardOf = (worker: CardWorker) => scene.card(workers.indexOf(worker));
  const each = <T>(work: (worker: CardWorker) => Promise<T>) => Promise.all(workers.map(work));
  const connect = (worker: CardWorker) =>
    worker.do({ job: 'connect', reader: cardOf(worker).readerName, options: OPTIONS });

  const end = async (how: End) => {
    if (how === 'freeze') scene.pcscd.freeze(true);
    else await scene.pcscd[how]();
  };
  const comeBack = async (how: End) => {
    if (how === 'freeze') scene.pcscd.freeze(false);
    else await scene.pcscd.start();
    await scene.insert();
  };

  /** The next call of each works, no try is lost, and no PIN was sent but once for each wish. */
  const worksAgain = async (verified: number) => {
    await each(async (worker) => {
      const { virtual } = cardOf(worker);
      const spent = virtual.verifyCount;
      let outcome: SigningOutcome | undefined;
      // One that was told of a silence may meet what the service does late.
      await eventually(async () => {
        outcome = await connect(worker).then(
          () => worker.sign({ key: 'sign', text: TEXT }),
          () => undefined,
        );
        return outcome?.made !== undefined;
      });
      expect(outcome?.made && isGenuine(outcome.made, TEXT)).toBe(true);
      expect(await virtual.triesLeft('sign')).toBe(5);
      expect(virtual.verifyCount - spent).toBeLessThanOrEqual(2);
      expect(spent).toBeGreaterThanOrEqual(verified);
    });
  };

  describe.each(ENDS)('by %s', (how) => {
    test('at rest: typed errors, and the next call works', async () => {
      await each(connect);
      await end(how);
      for (const failure of await each((worker) => worker.failureOf({ job: 'transmit', hex: '00A40000' })))
        expect(failure).toMatchObject({ typed: true, code: expect.stringMatching(CODES[how].join('|')) });
      const asked = await each((worker) =>
        worker.do({ job: 'readers', timeout: 2_000 }).catch((error: unknown) => error),
      );
      for (const answer of asked)
        if (answer instanceof Error) expect(answer).toMatchObject({ failure: { typed: true } });
      await comeBack(how);
      await worksAgain(0);
    });

    test('during a command', async () => {
      await each(connect);
      let gone: Promise<void> | undefined;
      let arrived = 0;
      for (const card of scene.cards) {
        card.fates = async (): Promise<Fate> => {
          arrived++;
          await gone;
          return 'answer';
        };
      }
      let isGone: () => void = () => undefined;
      gone = new Promise((resolve) => {
        isGone = resolve;
      });
      const failures = each((worker) => worker.failureOf({ job: 'transmit', hex: '00A40000' }));
      failures.catch(() => undefined);
      await eventually(() => arrived === BINDINGS.length);
      await end(how);
      for (const failure of await failures)
        expect(failure).toMatchObject({ typed: true, code: expect.stringMatching(CODES[how].join('|')) });
      isGone();
      await comeBack(how);
      await worksAgain(0);
    });

    test('between VERIFY and signature: nothing is signed, and no try is lost', async () => {
      const before = scene.cards.map(({ virtual }) => virtual.verifyCount);
      await each(connect);
      const signing = each((worker) => worker.sign({ key: 'sign', text: TEXT, wait: true }, 60_000));
      await each((worker) => worker.told('verified'));
      await end(how);
      await each((worker) => worker.do({ job: 'go-on' }));
      for (const { made, failure } of await soon('the end of the signature', signing)) {
        expect(made).toBeUndefined();
        expect(failure).toMatchObject({ typed: true, code: expect.stringMatching(CODES[how].join('|')) });
      }
      workers.forEach((worker, at) => {
        expect(cardOf(worker).virtual.verifyCount - (before[at] ?? 0)).toBe(1);
      });
      await comeBack(how);
      await worksAgain(1);
    });
  });

  test.each(['stop', 'kill'] as const)('a watch tells that it went (%s) and came back', async (how) => {
    await each((worker) => worker.do({ job: 'watch' }));
    await each((worker) => worker.told('card-inserted', 3));
    await end(how);
    await each((worker) => worker.told('service-stopped'));
    await comeBack(how);
    await each((worker) => worker.told('service-started'));
    await each((worker) => worker.told('card-inserted', 6));
    for (const { events } of workers) {
      expect(events.indexOf('service-started')).toBeGreaterThan(events.indexOf('service-stopped'));
      expect(events.filter((event) => event.startsWith('failed'))).toEqual([]);
    }
  });

  test('a watch outlives a service that is frozen for a while, and sees what happens afterwards', async () => {
    await each((worker) => worker.do({ job: 'watch' }));
    await each((worker) => worker.told('card-inserted', 3));
    scene.pcscd.freeze(true);
    await scene.card(3).remove();
    scene.pcscd.freeze(false);
    await each((worker) => worker.told('card-removed'));
    await scene.insert();
    await each((worker) => worker.told('card-inserted', 4));
  });

  test.each([0, 1])(
    'readers that are gone are named as such, and the others work (entry %i)',
    async (entry) => {
      await each(connect);
      const readers = await unplugged(scene.pcscd, entry);
      for (const failure of await each((worker) => worker.failureOf({ job: 'transmit', hex: '00A40000' })))
        expect(failure).toMatchObject({ typed: true, code: expect.stringMatching(CODES.stop.join('|')) });
      await each(async (worker) => {
        const { readerName } = cardOf(worker);
        const isGone = Math.floor(workers.indexOf(worker) / 2) === entry;
        if (isGone) {
          const failure = await worker.failureOf({ job: 'connect', reader: readerName, options: OPTIONS });
          expect(failure).toMatchObject({ code: 'ERR_PCSC_NO_READER' });
        } else {
          await scene.until(readerName, true);
          await connect(worker);
          expect(await worker.do({ job: 'transmit', hex: '00A40000' })).toMatch(/^6|^9000$/);
        }
      });
      await readers[Symbol.asyncDispose]();
      await scene.insert();
      await worksAgain(0);
    },
  );
});
