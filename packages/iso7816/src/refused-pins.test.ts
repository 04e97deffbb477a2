import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { FakeChannel } from '../test/fake-channel.ts';
import { Card } from './card.ts';
import { PinRepeatedError } from './errors.ts';
import { Pin } from './pin.ts';
import { RefusedPins } from './refused-pins.ts';

const APPLICATION = Uint8Array.of(0xa0, 0x01);
const OTHER_APPLICATION = Uint8Array.of(0xa0, 0x02);

/** A card on which only the PIN 1234 is right, whatever the file. */
function insert() {
  const channel = new FakeChannel((command) => {
    if (!command.startsWith('0020')) return '9000';
    return command.endsWith('31323334') ? '9000' : '63C2';
  });
  const card = new Card(channel);
  const verify = (pin: string, { aid = APPLICATION, ef = 0x18 } = {}) =>
    card.exclusive(async (session) => {
      await session.selectDf(aid);
      await session.selectEf(ef);
      await session.verify(ef, Pin.fromBytes(Buffer.from(pin)));
    });
  const verifies = () => channel.sent.filter((command) => command.startsWith('0020')).length;
  return { verify, verifies };
}

describe('a PIN that the card refused', () => {
  test('is not sent to the same place again', async () => {
    const { verify, verifies } = insert();
    await expect(verify('9999')).rejects.toMatchObject({ code: 'ERR_CARD_STATUS_WORD' });
    await expect(verify('9999')).rejects.toBeInstanceOf(PinRepeatedError);
    expect(verifies()).toBe(1);
  });

  test('does not stop another one', async () => {
    const { verify, verifies } = insert();
    await verify('9999').catch(() => {});
    await verify('1234');
    await verify('1234');
    expect(verifies()).toBe(3);
  });

  test('may be right for another file or another application', async () => {
    const { verify, verifies } = insert();
    await verify('9999').catch(() => {});
    await verify('9999', { ef: 0x1b }).catch(() => {});
    await verify('9999', { aid: OTHER_APPLICATION }).catch(() => {});
    expect(verifies()).toBe(3);
  });

  test('may be sent to another card', async () => {
    await insert()
      .verify('9999')
      .catch(() => {});
    const { verify, verifies } = insert();
    await verify('9999').catch(() => {});
    expect(verifies()).toBe(1);
  });
});

test('a card removed before the answer leaves no mark: nobody knows whether the PIN was wrong', async () => {
  let removed = true;
  const channel = new FakeChannel((command) =>
    command.startsWith('0020') && removed ? new Error('removed') : '9000',
  );
  const card = new Card(channel);
  const verify = () =>
    card.exclusive(async (session) => {
      await session.selectEf(0x18);
      await session.verify(0x18, Pin.fromBytes(Buffer.from('1234')));
    });
  await expect(verify()).rejects.toMatchObject({ code: 'ERR_PIN_OUTCOME_UNKNOWN' });
  removed = false;
  await expect(verify()).resolves.toBeUndefined();
});

test('what is remembered shows no PIN', async () => {
  const refused = new RefusedPins();
  const mark = await refused.check('place', Buffer.from('4711'));
  refused.remember(mark);
  expect(mark + inspect(refused, { showHidden: true, depth: 9 })).not.toMatch(/4711|52,55,49,49/);
});

test('an abort while the PIN is looked up sends nothing, and says so', async () => {
  const channel = new FakeChannel(() => '9000');
  const abort = new AbortController();
  const verifying = new Card(channel).exclusive(
    async (session) => {
      await session.selectEf(0x18);
      const verified = session.verify(0x18, Pin.fromBytes(Buffer.from('1234')));
      abort.abort(new Error('no longer wanted'));
      await verified;
    },
    { signal: abort.signal },
  );
  await expect(verifying).rejects.toThrow('no longer wanted');
  expect(channel.sent.filter((command) => command.startsWith('0020'))).toEqual([]);
});
