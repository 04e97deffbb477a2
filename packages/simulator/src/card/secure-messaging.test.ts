import { constants, publicEncrypt, randomBytes } from 'node:crypto';
import { toHex } from '@jpki/iso7816';
import { describe, expect, test } from 'vitest';
import { cardMaker, SELECT_ISD, SELECT_JPKI } from '../../test/card-at-hand.ts';
import {
  encrypted,
  openSession as openOn,
  SELECT_TEXT,
  setKey,
  Terminal,
  VERIFY_TEXT,
} from '../../test/secure-terminal.ts';

const makeCard = await cardMaker();

const openSession = async (options?: Parameters<typeof makeCard>[0]) => openOn(await makeCard(options));

describe('80 AE', () => {
  test('wants the PIN first, whatever the body; 照合番号A or B do not do', async () => {
    const { words } = await makeCard();
    const body = setKey(Buffer.alloc(256));
    await words(SELECT_TEXT);
    expect(await words(body, '80AE0000', '80AE1234')).toEqual(['6982', '6982', '6982']);
    const codeA = `00200094 0C ${Buffer.from('999999010018').toString('hex')}`;
    expect(await words(codeA, body)).toEqual(['9000', '6982']);
  });

  test('refuses a wrong key, structure, length and class of parameters', async () => {
    const { words, key } = await openSession();
    const seed = randomBytes(32);
    const structures = ['A0228120', 'A0228020', 'A0208020', 'A022801F'].map((head, index) =>
      Buffer.concat([Buffer.from(head, 'hex'), index === 1 ? seed.subarray(1) : seed]),
    );
    expect(await words(...structures.map((one) => setKey(encrypted(key, one))))).toEqual(
      Array(4).fill('6A80'),
    );
    const pkcs1 = publicEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, seed);
    expect(await words(setKey(pkcs1), setKey(Buffer.alloc(256)))).toEqual(['6A80', '6A80']);
    expect(await words(setKey(Buffer.alloc(256, 0xff)))).toEqual(['6F00']);
    expect(await words(setKey(Buffer.alloc(255)).replace('000100', '0000FF'), '80AE0000')).toEqual([
      '6700',
      '6700',
    ]);
    expect(await words(setKey(Buffer.alloc(256)).replace('80AE0000', '80AE0100'))).toEqual(['6A86']);
  });

  test('answers 6982 in the 公的個人認証AP and at the card manager', async () => {
    const { words } = await makeCard();
    const body = setKey(Buffer.alloc(256));
    expect(await words(body, SELECT_JPKI, '00200098 04 31323334', body)).toEqual([
      '6982',
      '9000',
      '9000',
      '6982',
    ]);
  });
});

describe('a session', () => {
  test('reads files whole, in part, by short identifier and behind SELECT, in clear text as in cipher text', async () => {
    const { send, terminal } = await openSession();
    const plain = async (command: string) => (await send(command)).slice(0, -4);
    const number = `FF100C${Buffer.from('999999010018').toString('hex').toUpperCase()}FFFF`;
    expect(toHex(terminal.unwrap(await send(terminal.read('8100'))))).toBe(number);
    // 17 bytes and padding are two blocks behind the indicator.
    expect(await send(terminal.read('8100'))).toMatch(/^862101[0-9A-F]{64}9000$/);
    expect(toHex(terminal.unwrap(await send(terminal.read('8103', '000C'))))).toBe(number.slice(6, 30));
    expect(await send(terminal.select('0002'))).toBe('9000');
    const whole = terminal.unwrap(await send(terminal.read('0000')));
    expect(whole).toHaveLength(512);
    expect(toHex(whole)).toBe(await plain('00B08200000200'));
    expect(toHex(terminal.unwrap(await send(terminal.read('0010', '0008'))))).toBe(
      toHex(whole.subarray(16, 24)),
    );
  });

  test('pads 16 bytes to 32, and writes 81 before a length of one byte', async () => {
    const { send, terminal } = await openSession();
    const sixteen = await send(terminal.read('8200', '0010'));
    expect(sixteen).toMatch(/^862101/);
    expect(terminal.unwrap(sixteen)).toHaveLength(16);
    const answer = await send(terminal.read('8200', '0080'));
    expect(answer).toMatch(/^86819101/);
    expect(terminal.unwrap(answer)).toHaveLength(128);
  });

  test('verifies PINs and codes, and each wrong one costs a try', async () => {
    const { card, send, terminal } = await openSession();
    expect(await send(terminal.verify('91', '0000'))).toBe('63C2');
    expect(await send(terminal.verify('91', '2345'))).toBe('9000');
    expect(await card.triesLeft('text')).toBe(3);
    expect(await send(terminal.verify('94', '999999010018'))).toBe('9000');
    expect(card.verifyCount).toBe(4);
  });

  test('counts every command that came with it, refused ones too, and no plain one', async () => {
    const { send, words, terminal } = await openSession();
    expect(await send(terminal.verify('92', '1'))).toBe('6984');
    expect(await send(terminal.select('0003'))).toBe('9000');
    expect(await send(terminal.select('0009'))).toBe('6A82');
    expect(await words('00B0000001', '0084000008', '00200091', '00A4020C020003')).toEqual([
      '9000',
      '9000',
      '63C3',
      '9000',
    ]);
    expect(await send(terminal.read('7FFF'))).toBe('6B00');
    expect(terminal.unwrap(await send(terminal.read('0000', '0002'))).toString('hex')).toBe('ff30');
  });

  test('takes lengths in the long form', async () => {
    const { send, terminal } = await openSession();
    const long = terminal.wrap('0001').replace(/^8611/, '868111');
    expect(await send(`08A4020C14${long}`)).toBe('9000');
    expect(await send(`08A4020C15${terminal.wrap('0001').replace(/^8611/, '86820011')}`)).toBe('9000');
  });

  test('starts to count anew with a new seed', async () => {
    const { send, terminal, deliver } = await openSession();
    await send(terminal.select('0001'));
    const second = new Terminal(0x77);
    expect(await deliver(second)).toBe('9000');
    expect(await send(second.select('0001'))).toBe('9000');
    expect(second.counter).toBe(1);
  });

  test.each([
    ['the tag of another command', (t: Terminal) => `08A4020C13${t.wrap('0001').replace(/^86/, '87')}`],
    ['a second object', (t: Terminal) => `08A4020C16${t.wrap('0001')}960100`],
    [
      'another padding indicator',
      (t: Terminal) => `08A4020C13${t.wrap('0001').replace(/^861101/, '861102')}`,
    ],
    ['half a block', (t: Terminal) => `08A4020C0B8609 01${t.wrap('0001').slice(6, 22)}`],
    ['no cryptogram', () => '08A4020C03860101'],
    ['no data', () => '08A4020C'],
    ['an object cut short', () => '08A4020C0286 11'],
    ['a Le of one byte in 96', () => '08B00000 0000039601 000000'],
    ['86 for 96', (t: Terminal) => `08B00000000013${t.wrap('0001')}0000`],
    [
      'another counter',
      (t: Terminal) => {
        t.counter += 1;
        return `08A4020C13${t.wrap('0001')}`;
      },
    ],
  ])('ends with 6988 upon %s, and then there is none', async (_, command) => {
    const { send, words, terminal } = await openSession();
    await send('00A4020C020001');
    expect(await send(command(terminal))).toBe('6988');
    expect(
      await words(terminal.read('0000'), terminal.select('0001'), terminal.verify('91', '2345')),
    ).toEqual(['69FC', '69FC', '69FC']);
    // Plain commands go on.
    expect(await words('00B0810001', '00200091')).toEqual(['9000', '63C3']);
  });

  test('answers CLA 0C and 04 with 6987, other commands with 6882, and lives on', async () => {
    const { words, send, terminal } = await openSession();
    expect(await words('0CB0810001', '04B0810001', '0884000008', '082A0000')).toEqual([
      '6987',
      '6987',
      '6882',
      '6882',
    ]);
    expect(await send(terminal.select('0001'))).toBe('9000');
  });

  test('ends with SELECT of an application and with the power, not with a refused SELECT or a warm reset', async () => {
    for (const end of [SELECT_ISD, SELECT_JPKI, SELECT_TEXT]) {
      const { words, send, terminal } = await openSession();
      expect(await words('00A4040C02FFFF', end, SELECT_TEXT)).toEqual(['6A82', '9000', '9000']);
      expect(await send(terminal.read('8400', '0001'))).toBe('69FC');
    }
    const { card, send, words, terminal } = await openSession();
    card.powerOff();
    card.powerOn();
    expect(await words(SELECT_TEXT, terminal.read('8400', '0001'))).toEqual(['9000', '69FC']);
    const second = await openSession({ variants: { warmResetSelection: 'kept' } });
    second.card.reset();
    expect(second.terminal.unwrap(await second.send(second.terminal.read('8400', '0001')))).toHaveLength(1);
    await send(SELECT_ISD);
  });

  test('is refused everywhere else', async () => {
    const { words } = await makeCard();
    expect(await words('08B0000001', '08A4020C0101', SELECT_TEXT, '08A4020C0101', '08B0000001')).toEqual([
      '69FC',
      '6882',
      '9000',
      '69FC',
      '69FC',
    ]);
  });
});

describe('variants of secure messaging', () => {
  test('a card that does not offer it', async () => {
    const { words } = await makeCard({ variants: { secureMessaging: '66F1' } });
    expect(await words(SELECT_TEXT, VERIFY_TEXT, setKey(Buffer.alloc(256)), '08B0810001')).toEqual([
      '9000',
      '9000',
      '66F1',
      '69FC',
    ]);
  });

  test('a session that outlives SELECT of the same application', async () => {
    const { words, send, terminal } = await openSession({ variants: { sessionAtSameApplication: 'kept' } });
    expect(await words(SELECT_TEXT)).toEqual(['9000']);
    expect(await send(terminal.select('0001'))).toBe('9000');
    expect(await words(SELECT_ISD, SELECT_TEXT, terminal.select('0001'))).toEqual(['9000', '9000', '69FC']);
  });

  test('82 before lengths above 127, and CLA 0C that ends the session', async () => {
    const { words, send, terminal } = await openSession({
      variants: { sessionLengthForm: '82', sessionWithClass0C: 'ends' },
    });
    const answer = await send(terminal.read('8200', '0080'));
    expect(answer).toMatch(/^8682009101/);
    expect(terminal.unwrap(answer)).toHaveLength(128);
    expect(await words('0CB0810001', terminal.select('0001'))).toEqual(['6987', '69FC']);
  });
});
