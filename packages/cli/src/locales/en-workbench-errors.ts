import type { ErrorText, Facts } from './texts.ts';

/** What an entry cost that came to nothing. */
const spared = ({ triesLeft }: Facts) =>
  triesLeft === undefined ? 'the reader says that nothing was sent' : `no try was spent (${triesLeft} left)`;

/** English: errors of raw commands, of choosing a card by its identity, and of PIN pads. */
export const enWorkbenchErrors: Readonly<Record<string, ErrorText>> = {
  ERR_APDU_LINE: {
    message: ({ subject, reason }) => `${subject}: ${reason}`,
    advice: 'Nothing was sent. `jpki apdu --help` shows how an APDU is written.',
  },
  ERR_APDU_PIN_COMMAND: {
    message: ({ subject }) => `${subject}: this command can carry a PIN; it was not sent`,
    advice:
      'A few wrong PINs block the card until it is reset at the municipal counter. If you mean it, add --allow-pin-commands.',
  },
  ERR_APDU_PIN_ARGUMENT: {
    message: ({ subject }) =>
      `${subject}: a PIN must not stand in the arguments: every user of the machine could read it there`,
    advice: 'Nothing was sent. Give the command at the prompt, with --file, or on stdin.',
  },
  ERR_APDU_UNEXPECTED: {
    message: ({ subject, reason }) => `${subject}: ${reason}`,
    advice: 'The commands after it were not sent.',
  },
  ERR_PIN_PAD_REFUSED: {
    message: "this PIN is not for a reader's PIN pad: it is typed on the keyboard",
    advice: 'Only PINs of four digits are asked for on a PIN pad. Nothing was sent.',
  },
  ERR_PIN_PAD_ABSENT: {
    message: ({ subject }) => `this reader has no PIN pad that a program may use: ${subject}`,
    advice: 'Repeat the command without --pin-pad and type the PIN on the keyboard. Nothing was sent.',
  },
  ERR_PIN_PAD_CANCELLED: { message: (facts) => `the PIN was cancelled on the PIN pad; ${spared(facts)}` },
  ERR_PIN_PAD_TIMEOUT: {
    message: (facts) => `nobody typed the PIN on the PIN pad in time; ${spared(facts)}`,
  },
  ERR_PIN_PAD_LENGTH: {
    message: (facts) => `the PIN typed on the PIN pad is too short or too long; ${spared(facts)}`,
  },
  ERR_PIN_PAD_MISMATCH: { message: 'the two new PINs typed on the PIN pad differ' },
  ERR_CARD_NOT_FOUND: {
    message: ({ subject, reason }) =>
      `no reader holds the card ${subject}${reason ? `; could not be looked at: ${reason}` : ''}`,
    advice: 'Put that card in. `jpki status` shows by which digits a card is named.',
  },
  ERR_CARD_AMBIGUOUS: {
    message: ({ subject }) => `several cards are named ${subject}…`,
    advice: 'Give more digits; `jpki status --json` shows all of them (cardId).',
  },
};
