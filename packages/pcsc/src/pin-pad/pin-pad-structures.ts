/**
 * What a keypad is told (PC/SC part 10, 2.5.2 and 2.5.3: PIN_VERIFY and PIN_MODIFY; pcsc-lite, `reader.h`). Numbers are
 * little endian, as on every machine this runs on. Only PINs of four ASCII digits: the block in the command is
 * as long as the PIN, so there is nothing to pad and no length to insert.
 */
const PIN_DIGITS = 4;

/** bmFormatString: positions in bytes, PIN at byte 0 of the data field, left justified, ASCII. */
const FORMAT_ASCII = 0x82;

/** bmPINBlockString: no length of the PIN in the command, four bytes of PIN. */
const BLOCK_OF_FOUR = PIN_DIGITS;

/** bEntryValidationCondition: the person presses the confirmation key. */
const CONFIRMED_BY_KEY = 0x02;

/** bConfirmPIN: the new PIN is typed twice; the current one is not asked for. */
const NEW_PIN_TWICE = 0x01;

/** wLangId of the messages that a keypad with a display shows (Windows language identifiers). */
const LANGUAGE = { ja: 0x0411, en: 0x0409 } as const;

/** Stands where the keypad puts the PIN: no digit, should a keypad ever send the command as it is. */
const PLACE_OF_PIN = 0xff;

/** What a person gets to see and how long they have. */
export interface PinPadDisplay {
  readonly language: 'ja' | 'en';
  /** Seconds to type the PIN, 1 to 255. */
  readonly seconds: number;
}

/** PIN_VERIFY_STRUCTURE around the command with this header. */
export function verifyStructure(header: Uint8Array, { language, seconds }: PinPadDisplay): Uint8Array {
  const prefix = Uint8Array.of(
    ...[seconds, seconds, FORMAT_ASCII, BLOCK_OF_FOUR, 0x00],
    // wPINMaxExtraDigit: most digits, fewest digits.
    ...[PIN_DIGITS, PIN_DIGITS, CONFIRMED_BY_KEY],
    // bNumberMessage, wLangId, bMsgIndex, bTeoPrologue.
    ...[0x01, ...littleEndian(LANGUAGE[language], 2), 0x00, 0x00, 0x00, 0x00],
  );
  return withCommand(prefix, header);
}

/** PIN_MODIFY_STRUCTURE around a command that carries the new PIN alone. */
export function modifyStructure(header: Uint8Array, { language, seconds }: PinPadDisplay): Uint8Array {
  const prefix = Uint8Array.of(
    ...[seconds, seconds, FORMAT_ASCII, BLOCK_OF_FOUR, 0x00],
    // bInsertionOffsetOld, bInsertionOffsetNew: there is no old one, and the new one comes first.
    ...[0x00, 0x00],
    ...[PIN_DIGITS, PIN_DIGITS, NEW_PIN_TWICE, CONFIRMED_BY_KEY],
    // bNumberMessage, wLangId; messages: "new PIN", "new PIN again"; bTeoPrologue.
    ...[0x02, ...littleEndian(LANGUAGE[language], 2), 0x01, 0x02, 0x00, 0x00, 0x00, 0x00],
  );
  return withCommand(prefix, header);
}

/** Adds ulDataLength and abData: header, Lc, and the place of the PIN. */
function withCommand(prefix: Uint8Array, header: Uint8Array): Uint8Array {
  const command = [...header, PIN_DIGITS, ...Array.from({ length: PIN_DIGITS }, () => PLACE_OF_PIN)];
  return Uint8Array.of(...prefix, ...littleEndian(command.length, 4), ...command);
}

function littleEndian(value: number, length: number): number[] {
  return Array.from({ length }, (_, index) => (value >>> (8 * index)) & 0xff);
}
