export { dottedOid } from './oid.ts';
export { DerReader, equalBytes } from './reader.ts';
export { contextConstructed, contextPrimitive, Tag } from './tags.ts';
export {
  bitString,
  element,
  elementHeader,
  ia5String,
  integer,
  NULL,
  objectIdentifier,
  octetString,
  printableString,
  sequence,
  setOf,
  TRUE,
  time,
  utf8String,
} from './writer.ts';
