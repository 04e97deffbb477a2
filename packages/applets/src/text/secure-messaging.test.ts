import { constants, createCipheriv, generateKeyPairSync, privateDecrypt } from 'node:crypto';
import { Card, type CardSession, encodeTlv, toHex } from '@jpki/iso7816';
import { describe, expect, test } from 'vitest';
import { ScriptedCard } from '../../test/scripted-card.ts';
import { SecureMessagingError } from '../errors.ts';
import { SecureMessaging } from './secure-messaging.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const EXTENDED = '80AE0000000100';

/** What the card does with the seed it was sent: answers to READ BINARY. */
type Reply = (key: Buffer) => Uint8Array;

/** The other half, written from card-protocol.md 4.5: decrypts the key, then answers every read by `reply`. */
async function talk<T>(reply: Reply, work: (messaging: SecureMessaging) => Promise<T>) {
  let key = Buffer.alloc(0);
  const channel: ScriptedCard = new ScriptedCard({
    [EXTENDED]: () => {
      const body = Buffer.from((channel.commands.at(-1) ?? '').slice(EXTENDED.length), 'hex');
      const padding = constants.RSA_PKCS1_OAEP_PADDING;
      const template = privateDecrypt({ key: privateKey, padding, oaepHash: 'sha256' }, body);
      expect(template.subarray(0, 4).toString('hex')).toBe('a0228020');
      key = template.subarray(4, 20);
      expect(template).toHaveLength(36);
      return '9000';
    },
    '08B0': () => `${toHex(reply(key))}9000`,
    '08A4': '9000',
  });
  const run = async (session: CardSession) => work(await SecureMessaging.open(session, publicKey));
  const outcome = await new Card(channel).exclusive(run).catch((error: unknown) => error);
  return { outcome, commands: channel.commands, key };
}

const ivOf = (key: Buffer, counter: number) => {
  const block = Buffer.alloc(16);
  block[15] = counter;
  return createCipheriv('aes-128-ecb', key, null).setAutoPadding(false).update(block);
};
const encrypted = (key: Buffer, padded: Buffer, counter = 1) =>
  createCipheriv('aes-128-cbc', key, ivOf(key, counter)).setAutoPadding(false).update(padded);
const cryptogram = (bytes: Uint8Array, indicator = 1) => encodeTlv(0x86, Uint8Array.of(indicator), bytes);
const padded = (hex: string) => Buffer.from(hex.padEnd(32, '0'), 'hex');

test('reads a whole file in one extended command', async () => {
  const { outcome, commands } = await talk(
    (key) => cryptogram(encrypted(key, padded('FF100180'))),
    (messaging) => messaging.readFile(),
  );
  expect(outcome).toEqual(Buffer.from('ff1001', 'hex'));
  expect(commands[1]).toBe('08B00000000005' + '9603000000' + '0000');
});

test('steps its counter with every command, and pads a full block with another', async () => {
  const { outcome } = await talk(
    (key) => cryptogram(encrypted(key, Buffer.concat([Buffer.alloc(16, 5), padded('80')]), 3)),
    async (messaging) => {
      await messaging.selectEf(0x0001);
      expect(messaging.protect(new Uint8Array(16))).toHaveLength(2 + 1 + 32);
      return messaging.readFile();
    },
  );
  expect(outcome).toEqual(Buffer.alloc(16, 5));
});

test('encrypts the identifier of a file', async () => {
  const { commands, key } = await talk(
    () => new Uint8Array(),
    (messaging) => messaging.selectEf(0x0001),
  );
  const expected = toHex(cryptogram(encrypted(key, padded('000180'))));
  expect(commands[1]).toBe(`08A4020C13${expected}`);
});

test('takes a new seed for each session', async () => {
  const keys = await Promise.all(
    [1, 2].map(async () =>
      (
        await talk(
          () => new Uint8Array(),
          () => Promise.resolve(),
        )
      ).key.toString('hex'),
    ),
  );
  expect(new Set(keys).size).toBe(2);
});

describe('an answer is refused', () => {
  test.each<[string, Reply]>([
    ['that is empty', () => new Uint8Array()],
    ['in the clear', () => Buffer.from('ff100c', 'hex')],
    ['with another tag', (key) => encodeTlv(0x87, Uint8Array.of(1), encrypted(key, padded('80')))],
    ['with two objects', (key) => Buffer.concat([1, 2].map(() => cryptogram(encrypted(key, padded('80')))))],
    ['with another padding indicator', (key) => cryptogram(encrypted(key, padded('80')), 2)],
    ['without a cryptogram', () => cryptogram(new Uint8Array())],
    ['of half a block', () => cryptogram(new Uint8Array(8))],
    ['without padding', (key) => cryptogram(encrypted(key, padded('01')))],
    [
      'with padding that is too long',
      (key) => cryptogram(encrypted(key, Buffer.concat([padded('80'), padded('')]))),
    ],
    ['with something behind the padding', (key) => cryptogram(encrypted(key, padded('0180000001')))],
    ['that is cut off', (key) => cryptogram(encrypted(key, padded('80'))).subarray(0, 9)],
  ])('%s', async (_, reply) => {
    const { outcome } = await talk(reply, (messaging) => messaging.readFile());
    expect(outcome).toBeInstanceOf(SecureMessagingError);
  });
});
