import type { OidTable } from '../der/oid-table.ts';
import type { DerReader } from '../der/reader.ts';
import { Tag } from '../der/tags.ts';

/**
 * Reads an AlgorithmIdentifier (RFC 5280, 4.1.1.2). All algorithms of this library have no parameters or NULL.
 *
 * @returns what `table` says of it, or `undefined` when it is not in there or has parameters of its own.
 */
export function readAlgorithm<T>(reader: DerReader, table: OidTable<T>): T | undefined {
  const fields = reader.expect(Tag.SEQUENCE).enter();
  const meaning = table.find(fields.expect(Tag.OBJECT_IDENTIFIER));
  if (!fields.more) return meaning;
  const tag = fields.next();
  const isNull = tag === Tag.NULL && fields.start === fields.end;
  fields.finish();
  return isNull ? meaning : undefined;
}
