import { dottedOid } from '../der/oid.ts';
import { DerReader } from '../der/reader.ts';
import { Tag } from '../der/tags.ts';
import { DerError } from '../errors.ts';

/** Attribute types of names that JPKI certificates use (X.520; RFC 4519, 2). */
const SHORT_NAMES: ReadonlyMap<string, string> = new Map([
  ['2.5.4.3', 'CN'],
  ['2.5.4.6', 'C'],
  ['2.5.4.7', 'L'],
  ['2.5.4.8', 'ST'],
  ['2.5.4.10', 'O'],
  ['2.5.4.11', 'OU'],
]);

/** Most attributes of one name; the longest JPKI name, a CRL distribution point, has six. */
const MAX_ATTRIBUTES = 64;

const STRING_TAGS: ReadonlySet<number> = new Set([Tag.UTF8_STRING, Tag.PRINTABLE_STRING, Tag.IA5_STRING]);

export interface NameAttribute {
  /** Short name (`CN`, `O`, …), or the dotted object identifier. */
  readonly type: string;
  readonly value: string;
}

/** The attributes of a Name, in encoded order. @throws {DerError} when it is malformed. */
export function nameAttributes(name: Uint8Array): NameAttribute[] {
  const attributes: NameAttribute[] = [];
  const rdns = new DerReader(name).expect(Tag.SEQUENCE).enter();
  while (rdns.more) {
    const set = rdns.expect(Tag.SET).enter();
    while (set.more) {
      if (attributes.length === MAX_ATTRIBUTES)
        throw new DerError('a name has too many attributes', set.position);
      attributes.push(readAttribute(set));
    }
  }
  return attributes;
}

function readAttribute(set: DerReader): NameAttribute {
  const pair = set.expect(Tag.SEQUENCE).enter();
  const oid = dottedOid(pair.expect(Tag.OBJECT_IDENTIFIER).contents);
  const tag = pair.next();
  if (!STRING_TAGS.has(tag)) throw new DerError('a name holds a value that is no text', pair.header);
  return { type: SHORT_NAMES.get(oid) ?? oid, value: Buffer.from(pair.contents).toString('utf8') };
}

/** A Name for people: `C=JP, O=JPKI, …` in encoded order; control characters are made visible. */
export function nameText(name: Uint8Array): string {
  return nameAttributes(name)
    .map(({ type, value }) => `${type}=${value.replaceAll(/\p{Cc}/gu, '\u{fffd}')}`)
    .join(', ');
}
