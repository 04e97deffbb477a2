import {
  constants,
  createCipheriv,
  createDecipheriv,
  createPublicKey,
  type KeyObject,
  publicEncrypt,
  randomBytes,
} from 'node:crypto';
import { toHex } from '@jpki/iso7816';
import { describe, expect, test } from 'vitest';
import { type CardAtHand, cardMaker, SELECT_ISD, SELECT_JPKI } from '../../test/card-at-hand.ts';

const makeCard = await cardMaker();

const SELECT_TEXT = '00A4040C0AD3921000310001010408';
const VERIFY_TEXT = '00200091 04 32333435';

/** The other half of a session, written from card-protocol.md 4.5 alone. */
class Terminal {
  readonly seed: Buffer;
  counter = 0;

  /** A fixed seed: with a random one, a wrong counter would look like right padding once in 256 runs. */
  constructor(fill = 0x5a) {
    this.seed = Buffer.alloc(32, fill);
  }

  get #key(): Buffer {
    return this.seed.subarray(0, 16);
  }

  iv(): Buffer {
    const block = Buffer.from(this.counter.toString(16).padStart(32, '0'), 'hex');
    return createCipheriv('aes-128-ecb', this.#key, null).setAutoPadding(false).update(block);
  }

  /** `86 len 01 cryptogram` of a plain text, for the next counter. */
  wrap(plain: string): string {
    this.counter += 1;
    const bytes = Buffer.concat([Buffer.from(plain, 'hex'), Buffer.of(0x80)]);
    const padded = Buffer.concat([bytes, Buffer.alloc((16 - (bytes.length % 16)) % 16)]);
    return this.object(
      createCipheriv('aes-128-cbc', this.#key, this.iv()).setAutoPadding(false).update(padded),
    );
  }

  object(cryptogram: Buffer): string {
    return `86${(cryptogram.length + 1).toString(16).padStart(2, '0')}01${cryptogram.toString('hex')}`;
  }

  /** The plain text of a READ BINARY's answer. */
  unwrap(answer: string): Buffer {
    expect(answer.slice(-4)).toBe('9000');
    const object = Buffer.from(answer.slice(0, -4), 'hex');
    expect(object[0]).toBe(0x86);
    const lengthBytes = (object[1] ?? 0) < 0x80 ? 0 : (object[1] ?? 0) & 0x7f;
    const length = lengthBytes === 0 ? (object[1] ?? 0) : object.readUIntBE(2, lengthBytes);
    expect(object).toHaveLength(2 + lengthBytes + length);
    expect(object[2 + lengthBytes]).toBe(1);
    const decipher = createDecipheriv('aes-128-cbc', this.#key, this.iv()).setAutoPadding(false);
    const padded = decipher.update(object.subarray(3 + lengthBytes));
    const end = padded.lastIndexOf(0x80);
    expect(padded.subarray(end + 1).every((byte) => byte === 0)).toBe(true);
    expect(padded.length - end).toBeLessThanOrEqual(16);
    return padded.subarray(0, end);
  }

  verify(shortId: string, secret: string): string {
    return `082000${shortId}13${this.wrap(Buffer.from(secret).toString('hex'))}`;
  }

  select(id: string): string {
    return `08A4020C13${this.wrap(id)}`;
  }

  /** READ BINARY from an offset (or short identifier) in P1-P2; `le` in hex, 0000 for all. */
  read(place: string, le = '0000'): string {
    this.counter += 1;
    return `08B0${place}0000059603 00${le}0000`;
  }
}

async function deliveryKey({ send }: CardAtHand): Promise<KeyObject> {
  const answer = await send('00B0860000');
  const rest = await send('00B001000D');
  const file = Buffer.from(answer.slice(0, -4) + rest.slice(0, -4), 'hex');
  expect(toHex(file.subarray(0, 13))).toBe('A18201099003010001' + '91820100');
  const n = file.subarray(13).toString('base64url');
  return createPublicKey({ key: { kty: 'RSA', n, e: 'AQAB' }, format: 'jwk' });
}

function encrypted(key: KeyObject, structure: Uint8Array): Buffer {
  return publicEncrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }, structure);
}

const setKey = (body: Buffer) => `80AE00000001 00${body.toString('hex')}`;

/** A card with an open session. */
async function openSession(options?: Parameters<typeof makeCard>[0]) {
  const atHand = await makeCard(options);
  const terminal = new Terminal();
  expect(await atHand.words(SELECT_TEXT, VERIFY_TEXT)).toEqual(['9000', '9000']);
  const key = await deliveryKey(atHand);
  const deliver = async (to: Terminal) => {
    to.counter = 0;
    return atHand.send(setKey(encrypted(key, Buffer.concat([Buffer.from('A0228020', 'hex'), to.seed]))));
  };
  expect(await deliver(terminal)).toBe('9000');
  return { ...atHand, terminal, deliver, key };
}

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
