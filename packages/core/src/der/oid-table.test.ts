import { expect, test } from 'vitest';
import { OidTable, oidContents, standsOn } from './oid-table.ts';
import { DerReader } from './reader.ts';
import { Tag } from './tags.ts';
import { objectIdentifier } from './writer.ts';

const table = new OidTable([
  ['2.5.29.15', 'usage'],
  ['2.5.29.19', 'constraints'],
  ['1.2.840.113549.1.1.1', 'rsa'],
]);
const on = (dotted: string) => new DerReader(objectIdentifier(dotted)).expect(Tag.OBJECT_IDENTIFIER);

test('an identifier has its meaning, and its relatives have none', () => {
  expect([table.find(on('2.5.29.15')), table.find(on('1.2.840.113549.1.1.1'))]).toEqual(['usage', 'rsa']);
  for (const other of ['2.5.29', '2.5.29.15.1', '2.5.28.15', '1.5.29.15', '1.2.840.113549.1.1.11']) {
    expect(table.find(on(other))).toBeUndefined();
  }
});

test('contents are compared whole', () => {
  expect(Buffer.from(oidContents('2.5.29.15')).toString('hex')).toBe('551d0f');
  expect(standsOn(on('2.5.29.15'), oidContents('2.5.29.15'))).toBe(true);
  expect(standsOn(on('2.5.29.15'), new Uint8Array())).toBe(false);
});
