import { describe, expect, test } from 'vitest';
import { cardMaker, SELECT_ISD, SELECT_JPKI, VERIFY_AUTH, VERIFY_SIGN } from '../../test/card-at-hand.ts';

const makeCard = await cardMaker();

const QUERY_AUTH = '00200098';
const QUERY_SIGN = '0020009B';
const WRONG_AUTH = '00200098 04 30303030';
/** Reads the file that is open only while the 署名用 password is verified. */
const PROBE_SIGN = '00B0810001';

async function jpkiCard(options?: Parameters<typeof makeCard>[0]) {
  const atHand = await makeCard(options);
  await atHand.send(SELECT_JPKI);
  return atHand;
}

describe('the query for the tries left', () => {
  test('tells 3 and 5, by current EF and by short identifier, and spends none', async () => {
    const { card, words } = await jpkiCard();
    expect(await words('00A4020C020018', '00200080', '00200080', QUERY_AUTH)).toEqual([
      '9000',
      '63C3',
      '63C3',
      '63C3',
    ]);
    expect(await words('00A4020C02001B', '00200080', QUERY_SIGN)).toEqual(['9000', '63C5', '63C5']);
    expect(card.verifyCount).toBe(0);
  });

  test('answers the same for a verified PIN, as OpenSC needs it', async () => {
    const { words } = await jpkiCard();
    expect(await words(VERIFY_AUTH, QUERY_AUTH)).toEqual(['9000', '63C3']);
  });

  test('refuses a Le, another P1, a P2 without bit 8, no EF and EFs of another kind', async () => {
    const { words } = await jpkiCard();
    expect(await words('00200080', '00200198', '00200000', '002000B8', '0020009800')).toEqual([
      '6986',
      '6A86',
      '6A86',
      '6A86',
      '6700',
    ]);
    expect(await words('00200083', '0020009F', '00200086', '00200097', '00200090')).toEqual([
      '6A82',
      '6A82',
      '6981',
      '6981',
      '6981',
    ]);
  });
});

describe('VERIFY', () => {
  test('with a wrong PIN costs exactly one try, the last one ends in 63C0, and then 6984 whatever comes', async () => {
    const { card, words } = await jpkiCard();
    expect(await words(WRONG_AUTH, QUERY_AUTH, WRONG_AUTH, WRONG_AUTH)).toEqual([
      '63C2',
      '63C2',
      '63C1',
      '63C0',
    ]);
    expect(await words(QUERY_AUTH, WRONG_AUTH, VERIFY_AUTH, QUERY_AUTH)).toEqual([
      '63C0',
      '6984',
      '6984',
      '63C0',
    ]);
    expect(await card.triesLeft('auth')).toBe(0);
    expect(card.verifyCount).toBe(5);
    expect(await words(QUERY_SIGN, VERIFY_SIGN)).toEqual(['63C5', '9000']);
  });

  test('with the right PIN puts the counter back to its maximum', async () => {
    const { card, words } = await jpkiCard();
    expect(await words(WRONG_AUTH, WRONG_AUTH, VERIFY_AUTH, QUERY_AUTH)).toEqual([
      '63C2',
      '63C1',
      '9000',
      '63C3',
    ]);
    expect(await card.triesLeft('auth')).toBe(3);
  });

  test('compares bytes: small letters, a wrong length and a longer PIN are wrong PINs', async () => {
    const { words } = await jpkiCard();
    expect(await words('0020009B 06 616263313233', '00200098 03 313233', '00200098 05 3132333430')).toEqual([
      '63C4',
      '63C2',
      '63C1',
    ]);
  });

  test('of more than 16 bytes costs no try', async () => {
    const { words } = await jpkiCard();
    expect(await words(`0020009B 11 ${'41'.repeat(17)}`, QUERY_SIGN)).toEqual(['6700', '63C5']);
  });

  test('that fails ends what an earlier one had opened', async () => {
    const { words } = await jpkiCard();
    expect(await words(VERIFY_SIGN, PROBE_SIGN, '0020009B 06 585858585858', PROBE_SIGN)).toEqual([
      '9000',
      '9000',
      '63C4',
      '6982',
    ]);
  });
});

describe('a verified PIN', () => {
  test('stays over another EF, the other PIN, SELECT of the same application and a warm reset', async () => {
    const { card, words } = await jpkiCard();
    expect(await words(VERIFY_SIGN, '00A4020C020006', VERIFY_AUTH, PROBE_SIGN)).toEqual(
      Array(4).fill('9000'),
    );
    expect(await words(SELECT_JPKI, PROBE_SIGN)).toEqual(['9000', '9000']);
    card.reset();
    expect(await words('00B0000001', SELECT_JPKI, PROBE_SIGN)).toEqual(['6986', '9000', '9000']);
  });

  test('ends with the card manager, also after a warm reset', async () => {
    const { card, words } = await jpkiCard();
    expect(await words(VERIFY_SIGN, SELECT_ISD, SELECT_JPKI, PROBE_SIGN)).toEqual([
      '9000',
      '9000',
      '9000',
      '6982',
    ]);
    await words(VERIFY_SIGN);
    card.reset();
    expect(await words(SELECT_ISD, SELECT_JPKI, PROBE_SIGN)).toEqual(['9000', '9000', '6982']);
  });

  test('ends with the power, while the counter stays', async () => {
    const { card, words } = await jpkiCard();
    await words(VERIFY_SIGN, WRONG_AUTH);
    card.powerOff();
    card.powerOn();
    expect(await words(SELECT_JPKI, PROBE_SIGN, QUERY_AUTH)).toEqual(['9000', '6982', '63C2']);
  });
});

describe('CHANGE', () => {
  const CHANGE_AUTH = '00240198 04 39393939';

  test('takes the new PIN after the old one was verified', async () => {
    const { words } = await jpkiCard();
    expect(await words(CHANGE_AUTH, VERIFY_AUTH, CHANGE_AUTH, VERIFY_AUTH)).toEqual([
      '6982',
      '9000',
      '9000',
      '63C2',
    ]);
    expect(await words('00200098 04 39393939')).toEqual(['9000']);
  });

  test('refuses a PIN of the wrong shape, other P1 and no PIN', async () => {
    const { words } = await jpkiCard();
    await words(VERIFY_AUTH, VERIFY_SIGN);
    expect(
      await words('00240198 05 3939393939', '0024019B 06 616263313233', '0024019B 05 4142433132'),
    ).toEqual(['6A80', '6A80', '6A80']);
    expect(await words('00240098 04 39393939', '00240198', '00240180 04 39393939')).toEqual([
      '6A86',
      '6700',
      '9000',
    ]);
  });
});

describe('the personas', () => {
  test('blocked: both counters are used up', async () => {
    const { words } = await jpkiCard({ persona: 'blocked' });
    expect(await words(QUERY_AUTH, VERIFY_AUTH, QUERY_SIGN, VERIFY_SIGN)).toEqual([
      '63C0',
      '6984',
      '63C0',
      '6984',
    ]);
  });
});
