import type { Fault } from '@jpki/simulator';

/** First bytes of the commands at which something goes wrong. */
export const At = {
  QUERY: '00200080',
  VERIFY_PIN: '0020008004',
  VERIFY_PASSWORD: '0020008006',
  CHANGE: '002401',
  /** CHANGE KEY of JICSAP (card-protocol.md 3.5). */
  CHANGE_JICSAP: '8032',
  SIGN: '802A',
} as const;

/** A status word instead of the answer; the card does not run the command. */
export function word(command: string, sw: number, nth: number | 'every' = 1): Fault {
  return { at: { command, nth }, kind: 'status-word', sw };
}
