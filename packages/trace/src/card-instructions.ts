import { type CommandHeader, Ins } from '@jpki/iso7816';

/** Instruction bytes that the card knows beside those that `@jpki/iso7816` sends (card-protocol.md 1.3, 3.6, 4.5, 6). */
export const CardIns = {
  GET_CHALLENGE: 0x84,
  INTERNAL_AUTHENTICATE: 0x88,
  /** `80 A2`: a terminal presents a card-verifiable certificate. */
  VERIFY_CERTIFICATE: 0xa2,
  /** `80 AE`: delivers the key for secure messaging. */
  SET_SESSION_KEY: 0xae,
} as const;

/**
 * Instructions whose data is a secret, by their even form: VERIFY, CHANGE REFERENCE DATA, DISABLE and ENABLE
 * VERIFICATION REQUIREMENT, RESET RETRY COUNTER (ISO/IEC 7816-4:2020, 11.5), CHANGE KEY (JICSAP, card-protocol.md 3.5).
 * The odd ones are the same with BER-TLV data.
 */
const PIN_INSTRUCTIONS: ReadonlySet<number> = new Set([
  Ins.VERIFY,
  Ins.CHANGE_REFERENCE_DATA,
  0x26,
  0x28,
  Ins.RESET_RETRY_COUNTER,
  0x32,
]);

/** Whether the command may carry a PIN, whatever its class: also chained, on any channel, under secure messaging. */
export function isPinCommand({ ins }: Pick<CommandHeader, 'ins'>): boolean {
  return PIN_INSTRUCTIONS.has(ins & 0xfe);
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
