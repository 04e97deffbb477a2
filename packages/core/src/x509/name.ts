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

/** One attribute of a Name. */
export interface NameAttribute {
  /** Short name (`CN`, `O`, …), or the dotted object identifier. */
  readonly type: string;
  /** The text; a value of a type that JPKI does not use stands as `#` and its DER in hex (RFC 4514, 2.4). */
  readonly value: string;
}

/** The attributes of a Name, in encoded order. @throws {DerError} when it is malformed. */
export function nameAttributes(name: Uint8Array): NameAttribute[] {
  const attributes: NameAttribute[] = [];
  walk(new DerReader(name), (pair) => {
    const type = dottedOid(pair.contents);
    pair.next();
    attributes.push({ type: SHORT_NAMES.get(type) ?? type, value: valueText(pair) });
  });
  return attributes;
}

/** Moves `reader` onto a Name, checks its form, and returns it in DER. A view. @throws {DerError} when it is malformed. */
export function readName(reader: DerReader): Uint8Array {
  walk(reader, (pair) => {
    pair.next();
  });
  return reader.encoded;
}

/** Calls `each` for every attribute, with a reader that stands on its type and has its value next. */
function walk(reader: DerReader, each: (pair: DerReader) => void): void {
  const rdns = reader.expect(Tag.SEQUENCE).enter();
  const set = rdns.enter();
  const pair = rdns.enter();
  let count = 0;
  while (rdns.more) {
    set.enterFrom(rdns.expect(Tag.SET));
    do {
      if (count++ === MAX_ATTRIBUTES) throw new DerError('a name has too many attributes', set.position);
      each(pair.enterFrom(set.expect(Tag.SEQUENCE)).expect(Tag.OBJECT_IDENTIFIER));
      pair.finish();
    } while (set.more);
  }
}

function valueText(pair: DerReader): string {
  const bytes = Buffer.from(pair.contents);
  switch (pair.tag) {
    case Tag.UTF8_STRING:
    case Tag.PRINTABLE_STRING:
    case Tag.IA5_STRING:
      return bytes.toString('utf8');
    default:
      return `#${Buffer.from(pair.encoded).toString('hex')}`;
  }
}

/** A Name for people: `C=JP, O=JPKI, …` in encoded order; control characters are made visible. */
export function nameText(name: Uint8Array): string {
  return nameAttributes(name)
    .map(({ type, value }) => `${type}=${value.replaceAll(/\p{Cc}/gu, '\u{fffd}')}`)
    .join(', ');
}
