import { Pin } from '@jpki/iso7816';
import type { FaultScript, PinKey } from '@jpki/simulator';
import { describe, expect, test, vi } from 'vitest';
import { type Bench, benches, LOCK, pinOf } from '../../test/cards.ts';
import { JpkiApplication } from '../jpki/application.ts';
import type { PinReference } from '../secret-reference.ts';
import { TextApplication } from '../text/application.ts';
import { changePin } from './change-pin.ts';

const { insert } = benches();

const NEW: Readonly<Record<PinReference, string>> = {
  sign: 'NEW2PASSWORD',
  auth: '8642',
  text: '8642',
  resident: '8642',
};
const ALL = ['sign', 'auth', 'text', 'resident'] as const;
const AIDS = { resident: 'D3921000310001010401', common: 'D3921000310001010100' } as const;

/** Whether a PIN opens its EF, asked over the bare card. */
async function opens({ virtual }: Bench, key: PinKey, digits: string): Promise<boolean> {
  const [home, ef] = key.split('/');
  const aid = home === 'common' ? AIDS.common : AIDS.resident;
  const send = async (hex: string) =>
    Buffer.from(await virtual.transmit(Buffer.from(hex, 'hex'))).toString('hex');
  await send(`00A4040C0A${aid}`);
  await send(`00A4020C02${ef}`);
  return (await send(`0020008004${Buffer.from(digits).toString('hex')}`)) === '9000';
}

const change = (
  bench: Bench,
  reference: PinReference,
  next: Pin | (() => Promise<Pin>) = pinOf(NEW[reference]),
) => changePin(bench.card, { reference, current: bench.secrets[reference](), next });

describe.each(ALL)('the %s PIN', (reference) => {
  test('is changed, and the card is locked', async () => {
    const bench = await insert();
    await change(bench, reference);
    expect(bench.log.at(-1)).toEqual({ command: LOCK, sw: '9000' });
    expect(bench.virtual.verifyCount).toBe(reference === 'resident' ? 2 : 1);
    // The new one is the current one now.
    await changePin(bench.card, {
      reference,
      current: pinOf(NEW[reference]),
      next: bench.secrets[reference](),
    });
    expect(await bench.virtual.triesLeft(reference)).toBe(reference === 'sign' ? 5 : 3);
  });

  test('stays when the old one is wrong, for one try', async () => {
    const bench = await insert();
    const current = pinOf(reference === 'sign' ? 'WRONG1' : '0000');
    const next = pinOf(NEW[reference]);
    await expect(changePin(bench.card, { reference, current, next })).rejects.toMatchObject({
      code: 'ERR_PIN_INCORRECT',
      reference,
    });
    expect(bench.virtual.verifyCount).toBe(1);
    expect(bench.log.some(({ command }) => /^(0024|8032)/.test(command))).toBe(false);
    expect([current.used, next.used]).toEqual([true, true]);
  });

  test('is in no copy any more when it was not sent', async () => {
    const bench = await insert({ persona: 'blocked' });
    const copies = vi.spyOn(Pin.prototype, 'copy');
    await expect(change(bench, reference)).rejects.toMatchObject({ code: 'ERR_PIN_BLOCKED' });
    expect(copies.mock.results.filter(({ value }) => !value.used)).toEqual([]);
    copies.mockRestore();
  });

  test('is not tried with a new one of the wrong form', async () => {
    const bench = await insert();
    await expect(change(bench, reference, pinOf('12345'))).rejects.toMatchObject({ code: 'ERR_PIN_FORMAT' });
    expect(bench.log).toEqual([]);
  });

  test('answers to a lost CHANGE with what is known', async () => {
    const command = reference === 'resident' ? '8032' : '0024';
    const bench = await insert({ faults: [{ kind: 'reset', at: { command }, executed: true }] });
    const error: unknown = await change(bench, reference).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'ERR_PIN_CHANGE_UNKNOWN', reference });
    expect(error).toMatchObject({
      whereabouts: expect.arrayContaining([{ application: expect.any(String), pin: 'old-or-new' }]),
    });
    expect(bench.log.filter(({ command: sent }) => sent.startsWith(command))).toHaveLength(1);
  });
});

test('one home takes six commands', async () => {
  const bench = await insert();
  await change(bench, 'text');
  expect(bench.log).toHaveLength(6);
});

test('a new 署名用 password mixes letters and digits', async () => {
  const bench = await insert();
  for (const bad of ['ABCDEFGH', '12345678']) {
    await expect(change(bench, 'sign', pinOf(bad))).rejects.toMatchObject({ violation: 'not-mixed' });
  }
  expect(bench.log).toEqual([]);
});

test('small letters of a new 署名用 password are folded like those of a password for use', async () => {
  const bench = await insert();
  await change(bench, 'sign', pinOf('new2password'));
  const jpki = new JpkiApplication(bench.card);
  await expect(jpki.sign.certificate({ pin: pinOf('NEW2PASSWORD') })).resolves.toBeInstanceOf(Uint8Array);
});

test('a PIN that was wrong before may become the right one', async () => {
  const bench = await insert();
  const text = new TextApplication(bench.card);
  const read = (pin: Pin) => text.attributes({ secret: { pin }, trust: 'unproven' });
  await expect(read(pinOf('8642'))).rejects.toMatchObject({ code: 'ERR_PIN_INCORRECT' });
  await change(bench, 'text');
  await expect(read(pinOf('8642'))).resolves.toHaveProperty('attributes');
});

test('a person is asked for the old one with its counter, then for the new one, while the card is free', async () => {
  const bench = await insert();
  const asked: unknown[] = [];
  const free = () => bench.card.exclusive(async () => undefined);
  await changePin(bench.card, {
    reference: 'resident',
    current: async ({ triesLeft, maxTries }) => {
      asked.push([triesLeft, maxTries]);
      await free();
      return bench.secrets.resident();
    },
    next: async () => {
      asked.push('new');
      await free();
      return pinOf('8642');
    },
  });
  expect(asked).toEqual([[3, 3], 'new']);
});

test('a card refusing the new PIN keeps the old one, and says so', async () => {
  const bench = await insert({ faults: [{ kind: 'status-word', sw: 0x6a80, at: { command: '0024' } }] });
  await expect(change(bench, 'auth')).rejects.toMatchObject({ code: 'ERR_PIN_CHANGE_REFUSED', sw: 0x6a80 });
  await change(bench, 'auth');
});

describe('the two homes of the 住民基本台帳用 PIN', () => {
  const bothOld = async (bench: Bench) => {
    const old = bench.virtual.persona.pins.resident ?? '';
    expect(await opens(bench, 'resident/001C', old)).toBe(true);
    expect(await opens(bench, 'common/001C', old)).toBe(true);
  };

  test('both get the new one', async () => {
    const bench = await insert();
    await change(bench, 'resident');
    expect(await opens(bench, 'resident/001C', '8642')).toBe(true);
    expect(await opens(bench, 'common/001C', '8642')).toBe(true);
  });

  test('the first is taken back when the second refuses', async () => {
    const faults: FaultScript = [{ kind: 'status-word', sw: 0x6a80, at: { command: '8032', nth: 2 } }];
    const bench = await insert({ faults });
    await expect(change(bench, 'resident')).rejects.toMatchObject({ code: 'ERR_PIN_CHANGE_REFUSED' });
    expect(bench.log.at(-1)?.command).toBe(LOCK);
    await bothOld(bench);
  });

  test('the first is taken back when the link fails before the second CHANGE', async () => {
    const faults: FaultScript = [
      { kind: 'reset', at: { command: '00A4040C0AD3921000310001010100', nth: 2 } },
    ];
    const bench = await insert({ faults });
    await expect(change(bench, 'resident')).rejects.toMatchObject({ code: 'ERR_CARD_RESET' });
    await bothOld(bench);
  });

  test('both are named when the first cannot be taken back', async () => {
    const faults: FaultScript = [
      { kind: 'status-word', sw: 0x6a80, at: { command: '8032', nth: 2 } },
      { kind: 'status-word', sw: 0x6a80, at: { command: '8032', nth: 3 } },
    ];
    const bench = await insert({ faults });
    await expect(change(bench, 'resident')).rejects.toMatchObject({
      code: 'ERR_PIN_CHANGE_UNKNOWN',
      whereabouts: [
        { application: '住基AP', pin: 'new' },
        { application: '共通カードAP', pin: 'old' },
      ],
      triesLeft: 3,
    });
  });

  test.each([
    [1, ['old-or-new', 'old']],
    [2, ['new', 'old-or-new']],
  ])('both are named when the answer to CHANGE %i is lost, and nothing is sent again', async (nth, pins) => {
    const bench = await insert({ faults: [{ kind: 'reset', at: { command: '8032', nth }, executed: true }] });
    const error: unknown = await change(bench, 'resident').catch((reason: unknown) => reason);
    expect(error).toMatchObject({ whereabouts: pins.map((pin) => ({ pin })) });
    expect(bench.log.filter(({ command }) => command.startsWith('8032'))).toHaveLength(nth);
  });

  test('a blocked second home stops it before anything is sent', async () => {
    const bench = await insert();
    for (const wrong of ['0000', '0001', '0002']) await opens(bench, 'common/001C', wrong);
    const before = bench.virtual.verifyCount;
    await expect(change(bench, 'resident')).rejects.toMatchObject({ code: 'ERR_PIN_BLOCKED' });
    expect(bench.virtual.verifyCount).toBe(before);
  });

  test('an abort after the first change does not part them', async () => {
    const controller = new AbortController();
    const bench = await insert({ faults: [{ kind: 'delay', milliseconds: 20, at: { command: '8032' } }] });
    const sent = bench.log;
    const call = changePin(bench.card, {
      reference: 'resident',
      current: bench.secrets.resident(),
      next: pinOf('8642'),
      signal: controller.signal,
    });
    while (!sent.some(({ command, sw }) => command.startsWith('8032') && sw === '9000'))
      await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    controller.abort(new Error('enough'));
    await call;
    expect(await opens(bench, 'common/001C', '8642')).toBe(true);
  });
});
