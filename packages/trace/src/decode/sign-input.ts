import { digestInfo, digestLength, type HashName } from '@jpki/core';
import { toHex } from '@jpki/iso7816';
import { maskedLength, plainBytes, sliceMasked } from '../masked-bytes.ts';
import type { MaskedBytes } from '../model.ts';
import { type DataNode, leaf } from './data-node.ts';
import { MaskedContent } from './masked-content.ts';
import { valueText } from './value-text.ts';
import { byteCount, type Words, wording } from './wording.ts';

/** What the card is asked to sign. */
export interface SignInput {
  /** `SHA-256 DigestInfo`. */
  readonly name: Words;
  readonly data: readonly DataNode[];
}

const HASHES: readonly (readonly [HashName, string])[] = [
  ['sha1', 'SHA-1'],
  ['sha256', 'SHA-256'],
  ['sha384', 'SHA-384'],
  ['sha512', 'SHA-512'],
];

/** The forms of COMPUTE DIGITAL SIGNATURE by P1, without 00: what the data is, and what the card does (card-protocol.md 3.6). */
const SCHEMES: ReadonlyMap<number, Words> = new Map<number, Words>([
  [0x01, { ja: 'メッセージ（SHA-256、DigestInfoなし）', en: 'message (SHA-256 without DigestInfo)' }],
  [0x02, { ja: 'SHA-256ハッシュ値', en: 'SHA-256 digest' }],
  [0x03, { ja: 'メッセージ（SHA-256）', en: 'message (SHA-256)' }],
  [0x04, { ja: 'SHA-256ハッシュ値（PSS）', en: 'SHA-256 digest (PSS)' }],
  [0x05, { ja: 'メッセージ（SHA-256、PSS）', en: 'message (SHA-256, PSS)' }],
]);

/** P1 of padding around the data as it is. */
const AS_GIVEN = 0x00;

/** Reads the data field of a signature command. */
export function readSignInput(scheme: number, masked: MaskedBytes): SignInput {
  const digest = scheme === AS_GIVEN ? digestIn(masked) : undefined;
  if (digest !== undefined) return digest;
  const content = new MaskedContent(masked);
  const data =
    content.length === 0 ? [] : [leaf({ ja: 'データ', en: 'data' }, valueText(content, 0, content.length))];
  return { name: SCHEMES.get(scheme) ?? byteCount(maskedLength(masked)), data };
}

/** A DigestInfo, whose digest may be hidden. */
function digestIn(masked: MaskedBytes): SignInput | undefined {
  const length = maskedLength(masked);
  for (const [hash, name] of HASHES) {
    const start = length - digestLength(hash);
    const prefix = digestInfo(hash, new Uint8Array(digestLength(hash))).subarray(0, -digestLength(hash));
    const first = plainBytes(sliceMasked(masked, 0, start));
    if (first === undefined || toHex(first) !== toHex(prefix)) continue;
    const label: Words = { ja: 'ハッシュ値', en: 'digest' };
    const digest = sliceMasked(masked, start);
    const bytes = plainBytes(digest);
    const content = new MaskedContent(digest);
    const value = bytes === undefined ? valueText(content, 0, content.length) : toHex(bytes);
    return { name: wording`${name} DigestInfo`, data: [leaf(label, value)] };
  }
  return undefined;
}
