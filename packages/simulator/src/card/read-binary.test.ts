import { describe, expect, test } from 'vitest';
import { cardMaker, SELECT_JPKI, VERIFY_AUTH, VERIFY_SIGN } from '../../test/card-at-hand.ts';

const makeCard = await cardMaker();

async function jpkiCard(options?: Parameters<typeof makeCard>[0]) {
  const atHand = await makeCard(options);
  await atHand.send(SELECT_JPKI);
  return atHand;
}

describe('READ BINARY', () => {
  test('reads the 160 bytes of the token file', async () => {
    const { send } = await jpkiCard();
    await send('00A4020C020006');
    const answer = await send('00B0000000');
    expect(answer).toHaveLength(2 * 162);
    const text = Buffer.from(answer, 'hex').toString('latin1');
    expect(text.slice(0, 96)).toBe(
      `${'JPKIAPICCTOKEN2'.padEnd(32)}${'1'.padStart(32, '0')}${'E16R01NJ'.padEnd(16)}SIMULATED0000001`,
    );
    expect(answer.slice(192)).toBe(
      `0000040D${'00000001000000000000000100000000'}0000001000000006${'FF'.repeat(16)}30333031${'39'.repeat(16)}9000`,
    );
    // The read that one client sends (card-protocol.md 2.1).
    expect(await send('00B0000014')).toBe('4A504B494150494343544F4B454E3220202020209000');
  });

  test('reads the three bytes that tell which certificates are there', async () => {
    const { send } = await jpkiCard();
    expect(await send('00B0880000')).toBe('8F8F009000');
  });

  test('takes an offset, answers what is left for a too large Le, and 6B00 from the end on', async () => {
    const { send, words } = await jpkiCard();
    await send('00A4020C020008');
    expect(await send('00B0000100')).toBe('8F009000');
    expect(await send('00B0000201')).toBe('009000');
    expect(await words('00B0000300', '00B0000400', '00B07FFF01')).toEqual(['6B00', '6B00', '6B00']);
  });

  test('takes extended Le, for a whole file at once', async () => {
    const { send } = await jpkiCard();
    await send('00A4020C02000A');
    const whole = await send('00B00000000000');
    expect(whole).toHaveLength(2 * (2048 + 2));
    expect(whole.endsWith('FFFF9000')).toBe(true);
    const first = await send('00B0000000');
    expect(first).toBe(`${whole.slice(0, 512)}9000`);
    expect(await send('00B08A0400000A')).toBe(`${whole.slice(8, 28)}9000`);
  });

  test('by short identifier makes the file current; identifier 0 is the current one', async () => {
    const { send, words } = await jpkiCard();
    expect(await words('00B0000001', '00B0800001')).toEqual(['6986', '6986']);
    expect(await send('00B0880101')).toBe('8F9000');
    expect(await send('00B0000001')).toBe('8F9000');
    expect(await send('00B0800201')).toBe('009000');
    expect(await words('00B0830001', '00B09F0001', '00B0C80001', '00B0A80001')).toEqual([
      '6A82',
      '6A82',
      '6A86',
      '6A86',
    ]);
  });

  test('refuses internal EFs with 6981, and READ RECORD everything', async () => {
    const { words } = await jpkiCard();
    for (const id of ['17', '18', '1A', '1B', '1C', '1E']) {
      expect(await words(`00A4020C0200${id}`, '00B0000000', '00B2010400')).toEqual(['9000', '6981', '6981']);
    }
    expect(await words('00B2013400')).toEqual(['6981']);
  });

  test('without Le or with data is 6700', async () => {
    const { words } = await jpkiCard();
    expect(await words('00A4020C020006', '00B00000', '00B000000100', '00B00000010000')).toEqual([
      '9000',
      '6700',
      '6700',
      '6700',
    ]);
  });
});

describe('the 署名用 certificate', () => {
  test('wants the 署名用 password, not the other PIN', async () => {
    const { words } = await jpkiCard();
    expect(await words('00B0810004', VERIFY_AUTH, '00B0810004', VERIFY_SIGN, '00B0810004')).toEqual([
      '6982',
      '9000',
      '6982',
      '9000',
      '9000',
    ]);
  });

  test('is DER, then filler', async () => {
    const { send } = await jpkiCard();
    await send(VERIFY_SIGN);
    const file = Buffer.from((await send('00B08100000000')).slice(0, -4), 'hex');
    expect(file.subarray(0, 2).toString('hex')).toBe('3082');
    const length = 4 + file.readUInt16BE(2);
    expect(file).toHaveLength(2048);
    expect(file.subarray(length).every((byte) => byte === 0xff)).toBe(true);
    expect(file.subarray(0, length).every((byte) => byte === 0xff)).toBe(false);
  });
});

describe('the other files', () => {
  test('with CA certificates and the 利用者証明用 certificate are free; 0005 and 0009 never open', async () => {
    const { words } = await jpkiCard();
    await words(VERIFY_AUTH, VERIFY_SIGN);
    expect(await words('00B0820004', '00B08A0004', '00B08B0004')).toEqual(['9000', '9000', '9000']);
    expect(await words('00B0850004', '00B0890004')).toEqual(['6982', '6982']);
  });

  test('of a phone: the 利用者証明用 certificate wants its PIN', async () => {
    const { words } = await jpkiCard({ persona: 'phone-android' });
    expect(await words('00B08A0004', VERIFY_AUTH, '00B08A0004')).toEqual(['6982', '9000', '9000']);
  });
});
