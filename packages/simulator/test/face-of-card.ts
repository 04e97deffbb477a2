import { constants, createPublicKey, type KeyObject, publicDecrypt } from 'node:crypto';
import { cardMaker } from './card-at-hand.ts';

/** Commands of the applications of the card's face. */
export const SELECT_VISUAL = '00A4040C0AD3921000310001010402';
export const SELECT_COMMON = '00A4040C0AD3921000310001010100';
export const SELECT_RESIDENT = '00A4040C0AD3921000310001010401';

/** VERIFY of a secret by short EF identifier. */
export function verifyCommand(shortId: number, secret: string): string {
  return `002000${(0x80 + shortId).toString(16)}${hexByte(secret.length)}${Buffer.from(secret, 'latin1').toString('hex')}`;
}

/** READ BINARY of a whole file by short EF identifier, extended Le. */
export function readCommand(shortId: number): string {
  return `00B0${(0x80 + shortId).toString(16)}00000000`;
}

function hexByte(value: number): string {
  return value.toString(16).padStart(2, '0');
}

/** A data object cut out of card bytes. */
export interface DataObject {
  readonly tag: number;
  /** Offset of the tag. */
  readonly at: number;
  /** Header included. */
  readonly whole: Buffer;
  readonly value: Buffer;
}

/** The data objects one after another in card bytes, up to filler: one or two tag bytes, lengths as the card writes them. */
export function dataObjects(bytes: Buffer, base = 0): DataObject[] {
  const objects: DataObject[] = [];
  for (let at = 0; at < bytes.length && bytes.readUInt16BE(at) !== 0xffff; ) {
    const tagLength = ((bytes[at] ?? 0) & 0x1f) === 0x1f ? 2 : 1;
    const first = bytes[at + tagLength] ?? 0;
    const long = first === 0x82;
    if (first > 0x7f && !long) throw new Error('a length that the card does not write');
    const start = at + tagLength + (long ? 3 : 1);
    const end = start + (long ? bytes.readUInt16BE(start - 2) : first);
    if (end > bytes.length) throw new Error('a data object beyond the file');
    const whole = bytes.subarray(at, end);
    objects.push({
      tag: bytes.readUIntBE(at, tagLength),
      at: base + at,
      whole,
      value: bytes.subarray(start, end),
    });
    at = end;
  }
  return objects;
}

/** The objects inside the first object of a file, by tag. */
export function fieldsOf(file: Buffer): ReadonlyMap<number, DataObject> {
  const [template] = dataObjects(file);
  if (template === undefined) throw new Error('an empty file');
  const base = template.whole.length - template.value.length;
  return new Map(dataObjects(template.value, base).map((object) => [object.tag, object]));
}

/** A public key from `90 exponent, 91 modulus`. */
export function publicKeyOf(objects: Buffer): KeyObject {
  const [exponent, modulus] = dataObjects(objects);
  const part = (object: DataObject | undefined) => object?.value.toString('base64url') ?? '';
  return createPublicKey({ format: 'jwk', key: { kty: 'RSA', e: part(exponent), n: part(modulus) } });
}

/** What a PKCS#1 v1.5 signature contains. */
export function signedBlock(key: KeyObject, signature: Buffer): Buffer {
  return publicDecrypt({ key, padding: constants.RSA_PKCS1_PADDING }, signature);
}

/** Makes cards that give whole files. */
export async function faceMaker() {
  const make = await cardMaker();
  return async (...options: Parameters<typeof make>) => {
    const card = await make(...options);
    const file = async (shortId: number): Promise<Buffer> => {
      const answer = await card.send(readCommand(shortId));
      if (!answer.endsWith('9000')) throw new Error(`READ BINARY: ${answer}`);
      return Buffer.from(answer.slice(0, -4), 'hex');
    };
    return { ...card, file };
  };
}
