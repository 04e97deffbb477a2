import {
  constants,
  createCipheriv,
  createDecipheriv,
  createPublicKey,
  type KeyObject,
  publicEncrypt,
} from 'node:crypto';
import { toHex } from '@jpki/iso7816';
import { expect } from 'vitest';
import type { CardAtHand } from './card-at-hand.ts';

export const SELECT_TEXT = '00A4040C0AD3921000310001010408';
export const VERIFY_TEXT = '00200091 04 32333435';

/** The other half of a session, written from card-protocol.md 4.5 alone. */
export class Terminal {
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

/** RSAES-OAEP with SHA-256. */
export function encrypted(key: KeyObject, structure: Uint8Array): Buffer {
  return publicEncrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }, structure);
}

/** `80 AE` with a body of 256 bytes. */
export const setKey = (body: Buffer) => `80AE00000001 00${body.toString('hex')}`;

/** Verifies the PIN of a fresh card and opens a session on it. */
export async function openSession(atHand: CardAtHand) {
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
