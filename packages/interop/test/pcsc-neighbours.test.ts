import { setTimeout as delay } from 'node:timers/promises';
import { type BindingName, type ConnectOptions, socketBinding } from '@jpki/pcsc';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type CardScene, cardScene } from '../src/card-scene.ts';
import { buildCardWorker, CardWorker } from '../src/card-worker-process.ts';
import type { SigningOutcome } from '../src/card-worker-protocol.ts';
import { signCertificateStatus } from '../src/lock-probe.ts';
import { miniRequirement } from '../src/pcsc-mini-addon.ts';
import { pcscliteRequirement } from '../src/pcsclite-addon.ts';
import { pcscdRequirement } from '../src/private-pcscd.ts';
import { requirements } from '../src/requirement.ts';
import { isGenuine } from '../src/signature-check.ts';
import type { Fate, SlotCard } from '../src/slot-card.ts';

/** Milliseconds for all of them to have had their turn: a watchdog, since one waits for the others. */
const PATIENCE = 60_000;

/** What who finds the card taken may be told. */
const REFUSALS = ['ERR_PCSC_SHARING_VIOLATION', 'ERR_CARD_RESET'];

/**
 * What may be told beside a program that changes the card's power without a transaction, as pcscd 1.9.9 lets it: the
 * card is off or has forgotten its application in the middle of our commands, and no call tells.
 */
const DISTURBED = [...REFUSALS, 'ERR_CARD_STATUS_WORD'];

const SHARED: ConnectOptions = { share: 'shared', disposition: 'leave' };
const SHARED_AND_OFF: ConnectOptions = { share: 'shared' };
const EXCLUSIVE: ConnectOptions = { share: 'exclusive' };
const EXCLUSIVE_LEAVING: ConnectOptions = { share: 'exclusive', disposition: 'leave' };
const UNDECIDED: ConnectOptions = {};

/** SELECT of the card manager, which locks the card. */
const LOCK = '00A4040C07A0000001510000';

/** Milliseconds a command takes, so that nobody is done before the others begin. */
const COMMAND_TIME = 5;

const slowly = async (): Promise<Fate> => {
  await delay(COMMAND_TIME);
  return 'answer';
};

/** A program, how it connects, and how often it signs. */
type Neighbour = readonly [binding: BindingName, options: ConnectOptions, times: number];

const needed = requirements(pcscdRequirement(), pcscliteRequirement(), miniRequirement());

describe('programs that sign on one card of a real pcscd', needed, () => {
  let scene: CardScene;
  let card: SlotCard;
  let spent: number;

  beforeAll(async () => {
    await buildCardWorker();
    scene = await cardScene(2);
    card = scene.card(0);
  });
  afterAll(() => scene?.[Symbol.asyncDispose]());
  beforeEach(() => {
    card.forget();
    card.fates = slowly;
    spent = card.virtual.verifyCount;
  });

  /** All of them at the same time; each with the outcomes of its wishes and the text it signed. */
  const signTogether = async (neighbours: readonly Neighbour[]) => {
    const workers = await Promise.all(
      neighbours.map(([binding]) => CardWorker.start(binding, scene.pcscd.environment)),
    );
    const outcomes = await Promise.all(
      workers.map(async (worker, at) => {
        const [, options = {}, times = 1] = neighbours[at] ?? [];
        const text = `document ${at}`;
        const job = { job: 'sign-often', reader: card.readerName, options, times, text } as const;
        const told = await worker.do({ ...job, patience: PATIENCE }, PATIENCE + 10_000);
        return { text, times, outcomes: told as SigningOutcome[] };
      }),
    );
    for (const worker of workers) expect(await worker.end()).toEqual({ exitCode: 0, stderr: '' });
    return outcomes;
  };

  /** What has to hold whoever came first. */
  const allSigned = async (
    results: Awaited<ReturnType<typeof signTogether>>,
    refusals = card.unpowered > 0 ? DISTURBED : REFUSALS,
  ) => {
    for (const { text, times, outcomes } of results) {
      const made = outcomes.flatMap((outcome) => outcome.made ?? []);
      expect(made.map((signature) => isGenuine(signature, text))).toEqual(Array(times).fill(true));
      const failures = outcomes.flatMap((outcome) => outcome.failure ?? []);
      expect(failures.filter(({ code }) => !refusals.includes(code ?? ''))).toEqual([]);
      expect(outcomes.flatMap((outcome) => outcome.lockFailure ?? [])).toEqual([]);
    }
    const all = results.flatMap(({ outcomes }) => outcomes);
    expect(card.virtual.verifyCount - spent).toBe(all.filter(({ pinSent }) => pinSent).length);
    expect(card.virtual.verifyCount - spent).toBe(results.reduce((sum, { times }) => sum + times, 0));
    expect(await card.virtual.triesLeft('sign')).toBe(5);
    expect(await signCertificateStatus(scene.pcsc, card.readerName)).toBe(0x6982);
  };

  test.each<[string, readonly Neighbour[]]>([
    [
      'both through the socket, sharing',
      [
        ['socket', SHARED, 3],
        ['socket', SHARED, 3],
      ],
    ],
    [
      'both through pcsc-mini, sharing',
      [
        ['pcsc-mini', SHARED, 3],
        ['pcsc-mini', SHARED, 3],
      ],
    ],
    [
      'both through the addon, each with the card to itself',
      [
        ['pcsclite', EXCLUSIVE_LEAVING, 3],
        ['pcsclite', EXCLUSIVE_LEAVING, 3],
      ],
    ],
    [
      'the socket, sharing, beside the addon, which does not',
      [
        ['socket', SHARED, 3],
        ['pcsclite', EXCLUSIVE_LEAVING, 3],
      ],
    ],
    [
      'the socket and pcsc-mini, sharing, each taking the power when it leaves',
      [
        ['socket', SHARED_AND_OFF, 3],
        ['pcsc-mini', SHARED_AND_OFF, 3],
      ],
    ],
    [
      'undecided ones',
      [
        ['socket', UNDECIDED, 2],
        ['pcsc-mini', UNDECIDED, 2],
      ],
    ],
  ])('two processes: %s', async (_, neighbours) => {
    await allSigned(await signTogether(neighbours));
    expect(card.unpowered).toBe(0);
  });

  test('eight processes of all kinds', async () => {
    await allSigned(
      await signTogether([
        ['socket', SHARED, 2],
        ['socket', SHARED_AND_OFF, 2],
        ['socket', UNDECIDED, 2],
        ['pcsclite', EXCLUSIVE, 1],
        ['pcsclite', EXCLUSIVE_LEAVING, 1],
        ['pcsclite', UNDECIDED, 1],
        ['pcsc-mini', SHARED, 2],
        ['pcsc-mini', UNDECIDED, 2],
      ]),
    );
  });

  test('beside a program that takes the power again and again, without regard to anybody', async () => {
    const binding = socketBinding({ path: scene.pcscd.environment.PCSCLITE_CSOCK_NAME });
    const done = new AbortController();
    const takesPower = async () => {
      while (!done.signal.aborted) {
        const connected = await binding.connect(card.readerName, 'shared').catch(() => undefined);
        await connected?.disconnect('unpower').catch(() => undefined);
      }
    };
    const rude = [takesPower(), takesPower()];
    const results = await signTogether([
      ['socket', SHARED, 3],
      ['pcsc-mini', SHARED_AND_OFF, 3],
    ]).finally(() => done.abort());
    await Promise.all(rude);
    await allSigned(results, DISTURBED);
  });

  /** VERIFY with a PIN, signature, lock: what makes and ends a right to sign, one letter each, in the card's order. */
  const rights = () =>
    card.commands
      .map((command) => {
        if (/^0020.{4}(?=..)/.test(command)) return 'V';
        if (command.startsWith('802A')) return 'S';
        return command === LOCK ? 'L' : '';
      })
      .join('');

  /** A program that verified its PIN, or is at a command, when it dies. */
  const VICTIMS: readonly [BindingName, ConnectOptions][] = [
    ['socket', SHARED],
    ['pcsc-mini', SHARED],
    ['pcsclite', EXCLUSIVE_LEAVING],
  ];

  describe.each(VICTIMS)('a process that is killed (%s)', (binding, options) => {
    /** Starts it, has it killed by `until`, and lets others sign meanwhile and afterwards. */
    const survived = async (wait: boolean, until: (victim: CardWorker) => Promise<void>) => {
      const victim = await CardWorker.start(binding, scene.pcscd.environment);
      await victim.do({ job: 'connect', reader: card.readerName, options });
      const dying = until(victim);
      victim.sign({ key: 'sign', text: 'never signed', wait }, PATIENCE).catch(() => undefined);
      const others = signTogether([
        ['socket', SHARED, 1],
        ['pcsc-mini', SHARED, 1],
        ['pcsclite', EXCLUSIVE, 1],
      ]);
      await dying;
      return others;
    };

    test('between VERIFY and signature: the others verify for themselves', async () => {
      const results = await survived(true, async (victim) => {
        await victim.told('verified');
        await delay(300);
        await victim.kill();
      });
      spent++;
      await allSigned(results);
      expect(rights()).toMatch(/^V(VSL){3}$/);
    });

    test.each([
      ['its PIN', /^0020.{4}(?=..)/, /^V(VSL){3}$/],
      ['its signature', /^802A/, /^VS(VSL){3}$/],
      ['its certificate', /^00B001/, /^V(VSL){3}$/],
    ])('while the card has %s under way', async (_, command, pattern) => {
      let kill: () => Promise<void> = async () => undefined;
      card.fates = async (_index, bytes): Promise<Fate> => {
        if (command.test(bytes)) {
          card.fates = slowly;
          await kill();
          await delay(100);
        }
        return 'answer';
      };
      const results = await survived(false, async (victim) => {
        await new Promise<void>((resolve) => {
          kill = async () => {
            await victim.kill();
            resolve();
          };
        });
      });
      spent++;
      await allSigned(results);
      expect(rights()).toMatch(pattern);
    });

    test('with the card open: who comes next locks it and verifies for itself', async () => {
      const victim = await CardWorker.start(binding, scene.pcscd.environment);
      await victim.do({ job: 'connect', reader: card.readerName, options });
      victim.sign({ key: 'sign', text: 'never signed', wait: true }, PATIENCE).catch(() => undefined);
      await victim.told('verified');
      await victim.kill();
      spent++;
      // pcscd resets the card warm at most, and after that a PIN stays verified (card-protocol.md 1.2).
      await allSigned(await signTogether([['socket', SHARED, 1]]));
      expect(rights()).toMatch(/^VL?VSL$/);
    });
  });
});
