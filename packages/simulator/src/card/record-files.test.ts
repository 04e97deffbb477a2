import { verify } from 'node:crypto';
import { toHex } from '@jpki/iso7816';
import { describe, expect, test } from 'vitest';
import { faceMaker, SELECT_COMMON, SELECT_RESIDENT, verifyCommand } from '../../test/face-of-card.ts';
import { scratchFolder } from '../../test/scratch-folder.ts';
import { gregorianDate } from '../calendar/japanese-era.ts';
import { cardDates } from '../card-dates.ts';
import { personaNamed } from '../personas/index.ts';
import { openSimulatorPki } from '../test-pki/simulator-pki.ts';
import { openVirtualCard } from '../virtual-card.ts';

const makeCard = await faceMaker();
const PIN = personaNamed('adult').pins.resident ?? '';

describe('the record of the 共通カードAP', () => {
  const expiry = gregorianDate(cardDates(personaNamed('adult'), new Date()).expiry);
  const record = `011C${Buffer.from(`99000000000000199999${expiry}`, 'latin1').toString('hex').toUpperCase()}`;

  test('is read after SELECT EF and by short identifier, without a PIN', async () => {
    const { send, words } = await makeCard();
    await send(SELECT_COMMON);
    expect(await send('00B2010C00')).toBe(`${record}9000`);
    await words(SELECT_COMMON, '00A4020C020001');
    for (const command of ['00B2010400', '00B2010500', '00B201041E'])
      expect(await send(command)).toBe(`${record}9000`);
  });

  test('is the only one, and no transparent file', async () => {
    const { words } = await makeCard();
    await words(SELECT_COMMON, '00A4020C020001');
    expect(await words('00B2020400', '00B0000000', '00B2010300')).toEqual(['6A83', '6981', '6A86']);
  });

  test('names a key like the one of the 住基AP', async () => {
    const { send } = await makeCard();
    await send(SELECT_COMMON);
    const common = await send('00B2011400');
    expect(common).toMatch(/^0110393030303031300805303031000000009000$/);
    await send(SELECT_RESIDENT);
    expect(await send('00B2011400')).toBe(common);
  });

  test('names no key in the other variant', async () => {
    const { words } = await makeCard({ variants: { keyIdRecord: 'absent' } });
    expect(await words(SELECT_COMMON, '00B2011400', SELECT_RESIDENT, '00B2011400')).toEqual([
      '9000',
      '6A82',
      '9000',
      '6A82',
    ]);
  });

  test('has the number and expiry of each card', async () => {
    const { send } = await makeCard({ persona: 'child' });
    await send(SELECT_COMMON);
    const text = Buffer.from((await send('00B2010C00')).slice(4, -4), 'hex').toString('latin1');
    expect(text).toBe(
      `99000000000000299999${gregorianDate(cardDates(personaNamed('child'), new Date()).expiry)}`,
    );
  });
});

describe('the key of the 共通カードAP', () => {
  test('answers INTERNAL AUTHENTICATE without a PIN, always the same, over the SHA-256 of the challenge', async () => {
    const pki = await openSimulatorPki({ folder: await scratchFolder() });
    const card = await openVirtualCard({ pki });
    const send = async (command: string) => toHex(await card.transmit(Buffer.from(command, 'hex')));
    await send(SELECT_COMMON);
    const answer = await send('0088009904DEADBEEF00');
    const key = await pki.cardKey(personaNamed('adult'), 'common-authentication');
    const signature = Buffer.from(answer.slice(0, -4), 'hex');
    expect(signature).toHaveLength(256);
    expect(verify('sha256', Buffer.from('DEADBEEF', 'hex'), key, signature)).toBe(true);
    expect(await send('0088009904DEADBEEF00')).toBe(answer);
    expect(await send(`00880099FF${'00'.repeat(255)}00`)).toMatch(/9000$/);
  });

  test('signs nothing else', async () => {
    const { words } = await makeCard();
    await words(SELECT_COMMON);
    const [word] = await words(`802A009920${'00'.repeat(32)}00`);
    expect(word).not.toBe('9000');
  });
});

describe('the 住民基本台帳用 PIN', () => {
  test('lies in both applications, each with tries of its own', async () => {
    const { card, words } = await makeCard();
    await words(SELECT_RESIDENT);
    expect(await words('0020009C', verifyCommand(0x1c, '0000'))).toEqual(['63C3', '63C2']);
    await words(SELECT_COMMON);
    expect(await words('0020009C', verifyCommand(0x1c, PIN))).toEqual(['63C3', '9000']);
    expect([await card.triesLeft('resident'), await card.triesLeft('common/001C')]).toEqual([2, 3]);
  });

  test.each([
    ['住基AP', SELECT_RESIDENT],
    ['共通カードAP', SELECT_COMMON],
  ])('is changed by 80 32 after VERIFY, and not by 00 24: %s', async (_name, select) => {
    const { words } = await makeCard();
    await words(select);
    expect(await words('8032009C0439393939')).toEqual(['6982']);
    expect(await words(verifyCommand(0x1c, PIN), '0024019C0439393939')).toEqual(['9000', '6982']);
    expect(await words('8032009C0441414141', '8032009C0439393939')).toEqual(['6A80', '9000']);
    await words('00A4040C07A0000001510000', select);
    expect(await words(verifyCommand(0x1c, PIN), verifyCommand(0x1c, '9999'))).toEqual(['63C2', '9000']);
  });

  test('is blocked in both on the blocked card, and in neither on one without PINs', async () => {
    const blocked = await makeCard({ persona: 'blocked' });
    const none = await makeCard({ persona: 'face-auth' });
    for (const select of [SELECT_RESIDENT, SELECT_COMMON]) {
      await blocked.words(select);
      expect(await blocked.words('0020009C', verifyCommand(0x1c, PIN))).toEqual(['63C0', '6984']);
      await none.words(select);
      expect(await none.words('0020009C')).toEqual(['6A82']);
    }
  });

  test('lies in one of them, has other tries and another CHANGE in the other variants', async () => {
    const inOne = async (residentPinHolder: 'resident' | 'common') => {
      const { words } = await makeCard({ variants: { residentPinHolder, residentTries: '5' } });
      await words(SELECT_RESIDENT);
      const [resident] = await words('0020009C');
      await words(SELECT_COMMON);
      return [resident, ...(await words('0020009C'))];
    };
    expect(await inOne('resident')).toEqual(['63C5', '6A82']);
    expect(await inOne('common')).toEqual(['6A82', '63C5']);
    const { words } = await makeCard({
      variants: { residentChange: 'change-reference-data', commonKey: 'absent' },
    });
    expect(await words(SELECT_RESIDENT, verifyCommand(0x1c, PIN), '0024019C0439393939')).toEqual([
      '9000',
      '9000',
      '9000',
    ]);
    expect(await words(SELECT_COMMON, '00880099010100')).toEqual(['9000', '6A82']);
  });
});
