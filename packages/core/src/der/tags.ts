/** Identifier octets of DER (ITU-T X.690, 8.1.2 and 8.14; universal tags of X.680, table 1). */
export const Tag = {
  BOOLEAN: 0x01,
  INTEGER: 0x02,
  BIT_STRING: 0x03,
  OCTET_STRING: 0x04,
  NULL: 0x05,
  OBJECT_IDENTIFIER: 0x06,
  UTF8_STRING: 0x0c,
  PRINTABLE_STRING: 0x13,
  IA5_STRING: 0x16,
  UTC_TIME: 0x17,
  GENERALIZED_TIME: 0x18,
  SEQUENCE: 0x30,
  SET: 0x31,
} as const;

/** Identifier octet of a context-specific primitive tag, 0 to 30. */
export function contextPrimitive(number: number): number {
  return 0x80 | number;
}

/** Identifier octet of a context-specific constructed tag, 0 to 30. */
export function contextConstructed(number: number): number {
  return 0xa0 | number;
}
