import { type CommandHeader, isNeverRepeated } from '@jpki/iso7816';

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
