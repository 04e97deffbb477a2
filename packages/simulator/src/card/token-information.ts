/** Physical size of EF 0006 in bytes (card-protocol.md 2.1). */
const LENGTH = 160;

/**
 * EF 0006 of the JPKI application: a PKCS#11 CK_TOKEN_INFO with 32-bit big-endian numbers; texts are padded with
 * blanks (card-protocol.md 2.1, "physical card layout"), by one source with NUL. The serial number is invented.
 */
export function tokenInformation(label: string, padding: 'blank' | 'nul' = 'blank'): Uint8Array {
  const bytes = Buffer.alloc(LENGTH);
  const text = (value: string, offset: number, length: number) =>
    bytes.write(value.padEnd(length, padding === 'blank' ? ' ' : '\0'), offset, 'latin1');
  text(label, 0, 32);
  text('1'.padStart(32, '0'), 32, 32);
  text('E16R01NJ', 64, 16);
  text('SIMULATED0000001', 80, 16);
  // RNG, LOGIN_REQUIRED, USER_PIN_INITIALIZED, TOKEN_INITIALIZED.
  bytes.writeUInt32BE(0x40d, 96);
  // Sessions: most 1, open 0, most for writing 1, open 0. PIN: longest 16, shortest 6.
  [1, 0, 1, 0, 16, 6].forEach((word, index) => {
    bytes.writeUInt32BE(word, 100 + 4 * index);
  });
  // Four memory sizes: not told.
  bytes.fill(0xff, 124, 140);
  text('03', 140, 2);
  text('01', 142, 2);
  text('9'.repeat(16), 144, 16);
  return bytes;
}
