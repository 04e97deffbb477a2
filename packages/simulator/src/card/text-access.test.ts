import { describe, expect, test } from 'vitest';
import { cardMaker } from '../../test/card-at-hand.ts';
import { SELECT_TEXT, VERIFY_TEXT } from '../../test/secure-terminal.ts';

const makeCard = await cardMaker();

const ascii = (text: string) => Buffer.from(text).toString('hex');
const CODE_A = `00200094 0C ${ascii('999999010018')}`;
const codeB = (expiryYear: string) => `00200095 0E ${ascii(`600615${expiryYear}4321`)}`;
const FILES = [1, 2, 3, 4, 5, 6, 7, 8];

async function textCard(options?: Parameters<typeof makeCard>[0]) {
  const atHand = await makeCard(options);
  expect(await atHand.send(SELECT_TEXT)).toBe('9000');
  const statusWords = () => atHand.words(...FILES.map((id) => `00B0${(0x80 + id).toString(16)}0001`));
  return { ...atHand, statusWords };
}

/** The year on the card: the adult was born on a 15 June and got the card a month ago. */
async function expiryYear(): Promise<string> {
  const { send } = await makeCard();
  return Buffer.from(await send('00CA00F200'), 'hex')
    .toString('latin1')
    .slice(0, 4);
}

describe('the access rules of the 券面事項入力補助AP', () => {
  const closed = '6982';

  test('without anything: the certificate, the basic information and the filler are free', async () => {
    const { statusWords } = await textCard();
    expect(await statusWords()).toEqual([closed, closed, closed, '9000', '9000', closed, closed, '9000']);
  });

  test('the PIN opens everything', async () => {
    const { statusWords, words } = await textCard();
    expect(await words(VERIFY_TEXT)).toEqual(['9000']);
    expect(await statusWords()).toEqual(Array(8).fill('9000'));
  });

  test('照合番号A opens the 個人番号 but not the 基本4情報', async () => {
    const { statusWords, words } = await textCard();
    expect(await words(CODE_A)).toEqual(['9000']);
    expect(await statusWords()).toEqual(['9000', closed, ...Array(6).fill('9000')]);
  });

  test('照合番号B opens the 基本4情報 but not the 個人番号', async () => {
    const { statusWords, words } = await textCard();
    expect(await words(codeB(await expiryYear()))).toEqual(['9000']);
    expect(await statusWords()).toEqual([closed, ...Array(7).fill('9000')]);
  });

  test('end with another application', async () => {
    const { statusWords, words } = await textCard();
    await words(VERIFY_TEXT, '00A4040C0AD392F000260100000001', SELECT_TEXT);
    expect((await statusWords())[0]).toBe(closed);
  });

  test('variants: EF 0003 by the PIN and A alone, EF 0008 closed', async () => {
    const { statusWords, words } = await textCard({
      variants: { integrityRecordAccess: 'pin-a', fillerFileAccess: '6982' },
    });
    await words(codeB(await expiryYear()));
    expect(await statusWords()).toEqual([closed, '9000', closed, '9000', '9000', '9000', '9000', closed]);
  });
});

describe('the PIN and the codes of the 券面事項入力補助AP', () => {
  test('have 3, 10 and 10 tries, by current EF and by short identifier', async () => {
    const { words } = await textCard();
    expect(await words('00200091', '00200094', '00200095', '00A4020C020014', '00200080')).toEqual([
      '63C3',
      '63CA',
      '63CA',
      '9000',
      '63CA',
    ]);
  });

  test('are counted each for itself, also beside the PINs of other applications', async () => {
    const { card, words } = await textCard();
    const wrongA = `00200094 0C ${ascii('000000000000')}`;
    expect(await words('00200091 04 30303030', wrongA, wrongA)).toEqual(['63C2', '63C9', '63C8']);
    expect(await words('00200091', '00200094', '00200095')).toEqual(['63C2', '63C8', '63CA']);
    expect([await card.triesLeft('text'), await card.triesLeft('text/0014')]).toEqual([2, 8]);
    expect([await card.triesLeft('auth'), await card.triesLeft('text/0015')]).toEqual([3, 10]);
    expect(await words(CODE_A, '00200094')).toEqual(['9000', '63CA']);
  });

  test('0012 is blocked on every card', async () => {
    for (const persona of ['adult', 'face-auth'] as const) {
      const { words } = await textCard({ persona });
      expect(await words('00200092', '00200092 04 31323334', '00A4020C020012', '00200080')).toEqual([
        '63C0',
        '6984',
        '9000',
        '63C0',
      ]);
    }
  });

  test('the PIN is changed by 00 24, the codes by nothing', async () => {
    const { words } = await textCard();
    await words(VERIFY_TEXT, CODE_A);
    expect(await words('00240191 04 39393939', VERIFY_TEXT, '00200091 04 39393939')).toEqual([
      '9000',
      '63C2',
      '9000',
    ]);
    expect(await words(`00240194 0C ${ascii('000000000000')}`, '80320091 04 39393939')).toEqual([
      '6982',
      '6982',
    ]);
  });

  test('variant: three tries of the codes', async () => {
    const { words } = await textCard({ variants: { codeTries: '3' } });
    expect(await words('00200094', '00200095')).toEqual(['63C3', '63C3']);
  });

  test('a blocked card keeps its codes; a 顔認証 card has no PIN', async () => {
    const blocked = await textCard({ persona: 'blocked' });
    expect(await blocked.words('00200091', VERIFY_TEXT, CODE_A)).toEqual(['63C0', '6984', '9000']);
    const face = await textCard({ persona: 'face-auth' });
    expect(await face.words('00A4020C020011', CODE_A)).toEqual(['6A82', '9000']);
  });

  test('there is no such application on a phone or an old 住基カード', async () => {
    for (const persona of ['phone-android', 'phone-iphone', 'juki'] as const) {
      const { send } = await makeCard({ persona });
      expect(await send(SELECT_TEXT)).toBe('6A82');
    }
  });
});
