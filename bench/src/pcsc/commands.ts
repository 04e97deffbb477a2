/** READ BINARY of 256 bytes. */
export const READ: Uint8Array = Uint8Array.of(0x00, 0xb0, 0x00, 0x00, 0x00);

/** An instruction that the bench's card answers after half a second. */
export const SLOW_INS = 0xfe;

export const SLOW: Uint8Array = Uint8Array.of(0x00, SLOW_INS, 0x00, 0x00, 0x00);
