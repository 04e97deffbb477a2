import { CardError } from '@jpki/iso7816';
import type { FaultScript } from '@jpki/simulator';
import { describe, expect, test } from 'vitest';
import { type Bench, benches, pinOf } from '../test/cards.ts';
import type { CvAnchor } from './cv/anchor.ts';
import { changePin } from './pin-change/change-pin.ts';
import { TextApplication } from './text/application.ts';
import { VisualApplication } from './visual/application.ts';

const { insert, trust } = benches();
const onLockFailed = () => undefined;

/** What a person does: how many PINs they give, and what they hold in the end, as text. */
interface Flow {
  readonly pins: number;
  readonly run: (bench: Bench, anchors: readonly CvAnchor[]) => Promise<string>;
}

const FLOWS: Readonly<Record<string, Flow>> = {
  attributes: {
    pins: 1,
    run: async ({ card, secrets }, anchors) => {
      const text = new TextApplication(card);
      const read = await text.attributes({ secret: { pin: secrets.text() }, trust: anchors, onLockFailed });
      return JSON.stringify(read);
    },
  },
  'my number under secure messaging': {
    pins: 2,
    run: async ({ card, secrets }, anchors) => {
      const { myNumber, proof } = await new TextApplication(card).myNumber({
        secret: { numberA: secrets.a() },
        trust: anchors,
        secureMessaging: { pin: secrets.text() },
        onLockFailed,
      });
      return `${myNumber.reveal()} ${proof.status}`;
    },
  },
  'age record': {
    pins: 1,
    run: async ({ card, secrets }, anchors) => {
      const visual = new VisualApplication(card);
      return JSON.stringify(await visual.ageRecord({ birth: secrets.birth(), trust: anchors, onLockFailed }));
    },
  },
  'change of the resident PIN': {
    // The same PIN in two homes, and once more the new one where the first home is taken back.
    pins: 3,
    run: async ({ card, secrets }) => {
      const current = secrets.resident();
      await changePin(card, { reference: 'resident', current, next: pinOf('8642'), onLockFailed });
      return 'changed';
    },
  },
};

/** What happens at one command. */
const FAULTS: Readonly<Record<string, (at: number) => FaultScript>> = {
  'removed before': (at) => [{ at, kind: 'remove' }],
  'removed after': (at) => [{ at, kind: 'remove', executed: true }],
  'reset before': (at) => [{ at, kind: 'reset' }],
  'reset after': (at) => [{ at, kind: 'reset', executed: true }],
  'answer cut to one byte': (at) => [{ at, kind: 'truncate', length: 1, executed: true }],
  'answer cut to its first two bytes': (at) => [{ at, kind: 'truncate', length: 2, executed: true }],
  'a bit of the data': (at) => [{ at, kind: 'bit-flip', bit: 3 }],
  'a bit of the status word': (at) => [{ at, kind: 'bit-flip', bit: -9 }],
  'status 6982': (at) => [{ at, kind: 'status-word', sw: 0x6982 }],
  'status 9000 without data': (at) => [{ at, kind: 'status-word', sw: 0x9000 }],
};

describe.each(Object.entries(FLOWS))('%s', (_, flow) => {
  test.each(Object.entries(FAULTS))(
    'with %s at every command: an error of ours or the true answer, no try lost',
    async (__, fault) => {
      const anchors = await trust();
      const dry = await insert();
      const truth = await flow.run(dry, anchors);
      for (let at = 1; at <= dry.log.length; at++) {
        const bench = await insert({ faults: fault(at) });
        const outcome = await flow.run(bench, anchors).catch((error: unknown) => error);
        if (typeof outcome === 'string') expect(outcome).toBe(truth);
        else expect(outcome).toBeInstanceOf(CardError);
        expect(bench.virtual.verifyCount).toBeLessThanOrEqual(flow.pins);
        for (const [name, maximum] of [
          ['text/0011', 3],
          ['text/0014', 10],
          ['visual/0011', 10],
          ['resident/001C', 3],
          ['common/001C', 3],
        ] as const)
          expect(await bench.virtual.triesLeft(name)).toBe(maximum);
      }
    },
  );
});
