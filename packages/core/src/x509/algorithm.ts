import type { DerReader } from '../der/reader.ts';
import { Tag } from '../der/tags.ts';
import { oidKey } from '../oids.ts';

/**
 * Reads an AlgorithmIdentifier (RFC 5280, 4.1.1.2). All algorithms of this library have no parameters or NULL.
 *
 * @returns its object identifier as {@link oidKey}, or `undefined` when it has parameters of its own.
 */
export function readAlgorithm(reader: DerReader): string | undefined {
  const fields = reader.expect(Tag.SEQUENCE).enter();
  const key = oidKey(fields.expect(Tag.OBJECT_IDENTIFIER).contents);
  if (!fields.more) return key;
  const tag = fields.next();
  const isNull = tag === Tag.NULL && fields.start === fields.end;
  fields.finish();
  return isNull ? key : undefined;
}
