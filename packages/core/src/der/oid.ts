import { DerError } from '../errors.ts';

/** Most content octets of an OBJECT IDENTIFIER taken; the longest one of JPKI has 11. */
const MAX_OID_OCTETS = 64;

/**
 * Dotted decimals of the contents of an OBJECT IDENTIFIER. Arcs are exact whatever their size.
 *
 * @throws {DerError} for empty, unfinished, padded or over-long contents.
 */
export function dottedOid(contents: Uint8Array): string {
  const last = contents[contents.length - 1];
  if (last === undefined || last > 0x7f || contents.length > MAX_OID_OCTETS) {
    throw new DerError('an OBJECT IDENTIFIER is malformed', 0);
  }
  const arcs: bigint[] = [];
  let arc = 0n;
  let fresh = true;
  for (const octet of contents) {
    if (fresh && octet === 0x80) throw new DerError('an OBJECT IDENTIFIER arc begins with padding', 0);
    arc = (arc << 7n) | BigInt(octet & 0x7f);
    fresh = octet < 0x80;
    if (!fresh) continue;
    arcs.push(arc);
    arc = 0n;
  }
  const [joint = 0n, ...rest] = arcs;
  const first = joint < 80n ? joint / 40n : 2n;
  return [first, joint - first * 40n, ...rest].join('.');
}
