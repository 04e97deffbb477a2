import { Card, CardRemovedError, Pin, PinOutcomeUnknownError } from '@jpki/iso7816';
import { describe, expect, test } from 'vitest';
import { ScriptedCard, verifies } from '../test/scripted-card.ts';
import { QUERY, SELECT_PIN, spend, VERIFY } from '../test/spend-pin.ts';
import {
  CounterChangedError,
  ImplausibleCounterError,
  LastTryError,
  PinBlockedError,
  PinIncorrectError,
} from './errors.ts';
import { AUTH_KEY } from './jpki/key-layout.ts';
import { readTriesLeft, verifyPin } from './pin-gate.ts';

describe('before a PIN is sent', () => {
  test('the counter is asked, and the PIN goes out once', async () => {
    const { outcome, commands } = await spend({ [QUERY]: '63C3', [VERIFY]: '9000' });
    expect(outcome).toBe('verified');
    expect(commands).toEqual([SELECT_PIN, '00200080', '002000800431323334']);
  });

  test('a counter of two is enough for the 利用者証明用 PIN', async () => {
    expect((await spend({ [QUERY]: '63C2', [VERIFY]: '9000' })).outcome).toBe('verified');
  });

  test.each(['63C4', '63C5', '63CF'])('a counter this PIN cannot have (%s) stops it', async (answer) => {
    const { outcome, verifies } = await spend({ [QUERY]: answer });
    expect(outcome).toBeInstanceOf(ImplausibleCounterError);
    expect(verifies).toEqual([]);
  });

  test('the last try is not spent without consent', async () => {
    const { outcome, verifies } = await spend({ [QUERY]: '63C1' });
    expect(outcome).toBeInstanceOf(LastTryError);
    expect(outcome).toMatchObject({ triesLeft: 1, code: 'ERR_PIN_LAST_TRY' });
    expect(verifies).toEqual([]);
  });

  test('consent to another number than one is no consent to the last try', async () => {
    const { outcome, verifies } = await spend({ [QUERY]: '63C1' }, { allowLastTry: { expected: 3 } });
    expect(outcome).toBeInstanceOf(LastTryError);
    expect(verifies).toEqual([]);
  });

  test('with consent the last try is spent', async () => {
    const { outcome } = await spend({ [QUERY]: '63C1', [VERIFY]: '9000' }, { allowLastTry: { expected: 1 } });
    expect(outcome).toBe('verified');
  });

  test('a counter that changed since the person saw it stops it', async () => {
    const { outcome, verifies } = await spend({ [QUERY]: '63C2' }, { shown: 3 });
    expect(outcome).toBeInstanceOf(CounterChangedError);
    expect(verifies).toEqual([]);
  });

  test.each(['63C0', '6983', '6984'])('a blocked PIN (%s) stops it', async (answer) => {
    const { outcome, verifies } = await spend({ [QUERY]: answer });
    expect(outcome).toBeInstanceOf(PinBlockedError);
    expect(verifies).toEqual([]);
  });

  test('a PIN that stays verified after logging out stops it', async () => {
    const { outcome, verifies } = await spend({ [QUERY]: '9000' });
    expect(outcome).toBeInstanceOf(ImplausibleCounterError);
    expect(verifies).toEqual([]);
  });

  test('a card that answers 9000 while verified is logged out and asked again', async () => {
    const script = {
      [QUERY]: (times: number) => (times === 0 ? '9000' : '63C3'),
      '00A4040C': '9000',
      [VERIFY]: '9000',
    };
    const { outcome, commands } = await spend(script);
    expect(outcome).toBe('verified');
    expect(commands.slice(2, 4)).toEqual(['00A4040C07A0000001510000', '00A4040C0AD392F000260100000001']);
  });
});

describe('after a PIN was sent', () => {
  test('a wrong one says how many tries are left, read anew', async () => {
    const script = { [QUERY]: (times: number) => (times === 0 ? '63C3' : '63C2'), [VERIFY]: '63C2' };
    const { outcome, verifies } = await spend(script);
    expect(outcome).toBeInstanceOf(PinIncorrectError);
    expect(outcome).toMatchObject({ triesLeft: 2, reference: 'auth', code: 'ERR_PIN_INCORRECT' });
    expect(verifies).toHaveLength(1);
  });

  test.each(['63C0', '6983', '6984'])('%s means that the PIN is blocked now', async (answer) => {
    const { outcome, verifies } = await spend({ [QUERY]: '63C2', [VERIFY]: answer });
    expect(outcome).toBeInstanceOf(PinBlockedError);
    expect(verifies).toHaveLength(1);
  });

  test('6300 tells no number, so the counter does', async () => {
    const script = { [QUERY]: (times: number) => (times === 0 ? '63C3' : '63C2'), [VERIFY]: '6300' };
    expect((await spend(script)).outcome).toMatchObject({ code: 'ERR_PIN_INCORRECT', triesLeft: 2 });
  });

  test.each(['63C3', '63C1'])('a counter that did not fall by one (%s) is not believed', async (after) => {
    const script = { [QUERY]: (times: number) => (times === 0 ? '63C3' : after), [VERIFY]: after };
    expect((await spend(script)).outcome).toBeInstanceOf(ImplausibleCounterError);
  });

  test('a lost answer is an unknown outcome with the counter read afterwards, and nothing is sent again', async () => {
    const script = {
      [QUERY]: (times: number) => (times === 0 ? '63C3' : '63C2'),
      [VERIFY]: new CardRemovedError(),
    };
    const { outcome, verifies } = await spend(script);
    expect(outcome).toBeInstanceOf(PinOutcomeUnknownError);
    expect(outcome).toMatchObject({ triesLeft: 2 });
    expect(verifies).toHaveLength(1);
  });

  test.each(['', '90'])('an answer of "%s" is an unknown outcome', async (answer) => {
    const { outcome, verifies } = await spend({ [QUERY]: '63C3', [VERIFY]: answer });
    expect(outcome).toBeInstanceOf(PinOutcomeUnknownError);
    expect(verifies).toHaveLength(1);
  });
});

test('reading the counter selects the EF of the PIN and sends nothing else', async () => {
  const channel = new ScriptedCard({ [SELECT_PIN]: '9000', [QUERY]: '63C3' });
  expect(await new Card(channel).exclusive((session) => readTriesLeft(session, AUTH_KEY))).toBe(3);
  expect(channel.commands).toEqual([SELECT_PIN, '00200080']);
});

test('no PIN goes out when its EF could not be selected', async () => {
  const channel = new ScriptedCard({ [SELECT_PIN]: '6A82' });
  const pin = Pin.fromBytes(Buffer.from('1234'));
  const spent = new Card(channel).exclusive((session) => verifyPin(session, AUTH_KEY, pin, {}));
  await expect(spent).rejects.toMatchObject({ code: 'ERR_CARD_STATUS_WORD', sw: 0x6a82 });
  expect(verifies(channel.commands)).toEqual([]);
});

test('a PIN the card refused before is not sent again', async () => {
  const channel = new ScriptedCard({
    '00A4040C': '9000',
    [SELECT_PIN]: '9000',
    [QUERY]: (times) => (times === 0 ? '63C3' : '63C2'),
    [VERIFY]: '63C2',
  });
  const card = new Card(channel);
  const wrong = () =>
    card.exclusive((session) => verifyPin(session, AUTH_KEY, Pin.fromBytes(Buffer.from('9999')), {}));
  await expect(wrong()).rejects.toBeInstanceOf(PinIncorrectError);
  // Another hold of the same card; the gate selects nothing but the EF, so the place is told by it.
  await expect(wrong()).rejects.toMatchObject({ code: 'ERR_PIN_KNOWN_WRONG', triesLeft: 2 });
  expect(verifies(channel.commands)).toHaveLength(1);
});
