import { type CommandHeader, Ins, isNeverRepeated } from '@jpki/iso7816';

/** Instruction bytes that the card knows beside those of `@jpki/iso7816` (card-protocol.md 4.5). */
export const CardIns = {
  GET_CHALLENGE: 0x84,
  /** `80 A2`: a terminal presents a card-verifiable certificate. */
  VERIFY_CERTIFICATE: 0xa2,
  /** `80 AE`: delivers the key for secure messaging. */
  SET_SESSION_KEY: 0xae,
} as const;

/** Class of this card's own commands. The only one that has all PIN commands, CHANGE KEY among them. */
const PROPRIETARY_CLASS = 0x80;

/** Whether the command may carry a PIN, whatever its class: also chained, on any channel, under secure messaging. */
export function isPinCommand({ ins }: Pick<CommandHeader, 'ins'>): boolean {
  return isNeverRepeated(Uint8Array.of(PROPRIETARY_CLASS, ins));
}

/** Class of commands that the reader carries out itself: no card has it (ISO/IEC 7816-3:2006, 12.1; PC/SC part 3, 3.2). */
export const READER_CLASS = 0xff;

/**
 * What a reader does by itself (PC/SC part 3, 3.2.2): LOAD KEYS 82, GENERAL AUTHENTICATE 86 and 88, READ BINARY B0, GET DATA
 * CA, UPDATE BINARY D6; and SELECT A4 of a FeliCa service. Every other command to a reader may pass its data on to the card.
 */
const READER_COMMANDS: ReadonlySet<number> = new Set([0x82, 0x86, 0x88, 0xa4, 0xb0, 0xca, 0xd6]);

/**
 * Whether the data of the command may be another command, and so hold a PIN: of GET RESPONSE, which has none of its own, and
 * of what a reader passes on. At most an Le in the place of data is none.
 */
export function mayPassOn({ cla, ins }: Pick<CommandHeader, 'cla' | 'ins'>, length: number): boolean {
  const even = ins & 0xfe;
  const isPassedOn = cla === READER_CLASS && !READER_COMMANDS.has(even);
  return length > 5 && (even === Ins.GET_RESPONSE || isPassedOn);
}

/** What the class byte tells (ISO/IEC 7816-4:2020, 5.4.1). The card's own class 80 has the same low bits. */
export function classOf(cla: number): {
  readonly isBasic: boolean;
  readonly isProprietary: boolean;
  readonly secured: boolean;
  readonly chained: boolean;
} {
  const isFurther = (cla & 0x40) !== 0;
  return {
    isBasic: !isFurther && (cla & 0x03) === 0,
    isProprietary: (cla & 0x80) !== 0,
    secured: (cla & (isFurther ? 0x20 : 0x0c)) !== 0,
    chained: (cla & 0x10) !== 0,
  };
}
