import { enTraceErrors } from './en-trace-errors.ts';
import { enWorkbenchErrors } from './en-workbench-errors.ts';
import { digitsOf } from './secret-length.ts';
import type { ErrorTexts } from './texts.ts';

const COUNTER =
  'A blocked PIN is reset at the municipal counter (市区町村窓口), with the card and an identity document.';
const COUNTER_OR_KIOSK =
  'Have it reset at the municipal counter (市区町村窓口). If you know the other JPKI PIN, the app together with a convenience-store kiosk can do it too.';

const WHICH_PIN = { old: 'the old one', new: 'the new one', 'old-or-new': 'the old or the new one' } as const;

/** English: errors by code, and general advice by remedy. */
export const enErrors: ErrorTexts = {
  byCode: {
    ERR_USAGE: { message: ({ subject, reason }) => reason || `not understood: ${subject}` },
    ERR_PIN_OPTION: {
      message: 'there is no --pin: every user of the machine could read it in the process list',
      advice: 'Type it when asked, or give it with --pin-fd N or --pin-stdin.',
    },
    ERR_NOT_IN_THIS_VERSION: {
      message: ({ subject }) => `${subject}: not in this version`,
      advice: ({ reason }) =>
        `${reason && `With --format cades this version signs ${reason} all the same. `}It is planned. Nothing was asked and nothing was sent to a card.`,
    },
    ERR_PIN_NEEDED: {
      message: 'a PIN is needed, and there is nobody to ask',
      advice:
        'Run it in a terminal without --no-input, or give the PIN with --pin-fd N or --pin-stdin, a new PIN with --new-pin-fd N.',
    },
    ERR_PIN_SOURCE: {
      message: ({ reason }) => `the PIN could not be read: ${reason}`,
      advice: 'Connect the descriptor to a file or a program: jpki ... --pin-fd 3 3< FILE',
    },
    ERR_PIN_FORMAT: {
      message: ({ pin, reason }) => `this cannot be the ${pin}: ${reason}`,
      advice: ({ reference }) =>
        `${reference === 'sign' ? 'It has 6 to 16 letters and digits' : `It has ${digitsOf(reference)} digits`}, half-width. Nothing was sent to the card and no try was used.`,
    },
    ERR_PIN_INCORRECT: {
      message: ({ pin, triesLeft }) =>
        triesLeft === undefined
          ? `wrong ${pin}`
          : `wrong ${pin}: ${triesLeft} ${triesLeft === 1 ? 'try' : 'tries'} left`,
      advice: 'Check which PIN is asked for before the next try. One correct entry restores all tries.',
    },
    ERR_PIN_BLOCKED: {
      message: ({ pin }) => `the ${pin} is blocked`,
      advice: ({ reference }) => (reference === 'sign' || reference === 'auth' ? COUNTER_OR_KIOSK : COUNTER),
    },
    ERR_PIN_LAST_TRY: {
      message: ({ pin, triesLeft }) => `only ${triesLeft ?? 1} try is left for the ${pin}; it was not spent`,
      advice: ({ triesLeft }) =>
        `If the PIN is certain, repeat with --allow-last-try ${triesLeft ?? 1}. A wrong one blocks it until it is reset at the municipal counter.`,
    },
    ERR_PIN_REQUIRED: { message: ({ pin }) => `the card wants the ${pin || 'PIN'} first` },
    ERR_PIN_OUTCOME_UNKNOWN: {
      message: ({ triesLeft }) =>
        `the card's answer to the PIN was lost; it may have counted as a try${triesLeft === undefined ? '' : ` (${triesLeft} left now)`}`,
      advice:
        'Put the card in again and look at `jpki pin status` before the next try. Nothing was repeated.',
    },
    ERR_PIN_COUNTER_IMPLAUSIBLE: {
      message: 'the card gave a number of tries that cannot be; no PIN was sent',
    },
    ERR_APPLICATION_NOT_FOUND: {
      message: 'this is not an Individual Number Card (マイナンバーカード)',
      advice: 'Put in an Individual Number Card, or name its reader with --card pcsc:TEXT.',
    },
    ERR_CARD_KIND: {
      message: ({ subject }) =>
        ({
          'juki-card': 'this is an old Basic Resident Register card (住基カード); it has no JPKI of today',
          'phone-iphone': 'this is the certificate of an iPhone; this version cannot use it',
        })[subject] ?? 'this is the certificate of a smartphone; it does not hold what is on a card',
      advice: 'Use an Individual Number Card (マイナンバーカード).',
    },
    ERR_CERTIFICATE_ABSENT: {
      message: 'the card has no such certificate',
      advice:
        'Certificates are issued and renewed at the municipal counter. Children under 15 have no signature certificate.',
    },
    ERR_CERTIFICATE_FORMAT: { message: ({ detail }) => `a certificate cannot be read: ${detail}` },
    ERR_CMS_FORMAT: { message: ({ detail }) => `this is no CMS signature: ${detail}` },
    ERR_DER: { message: ({ detail }) => `this is no DER: ${detail}` },
    ERR_SIGNATURE_MISMATCH: {
      message: 'the signature does not fit its certificate; nothing was written',
      advice: 'Try again. If it comes back, the card or the reader is at fault.',
    },
    ERR_CARD_DATA_INVALID: { message: ({ detail }) => `the card holds data that make no sense: ${detail}` },
    ERR_CARD_SIGNATURE_INVALID: {
      message: 'the card gave a signature that does not fit its certificate; nothing was written',
      advice: 'Put the card in again and repeat. If it comes back, the card or the reader is at fault.',
    },
    ERR_CARD_STATUS_WORD: { message: ({ detail }) => detail },
    ERR_CARD_MALFORMED_RESPONSE: { message: ({ detail }) => detail },
    ERR_CARD_LIMIT: { message: ({ detail }) => detail },
    ERR_CARD_REMOVED: { message: 'the card was removed, or stopped answering' },
    ERR_CARD_RESET: { message: 'another program reset the card' },
    ERR_APDU_FORMAT: { message: ({ detail }) => detail },
    ERR_TLV_FORMAT: { message: ({ detail }) => `the card holds data that make no sense: ${detail}` },
    ERR_TIMEOUT: { message: 'it took longer than --timeout allows' },
    ERR_FILE_READ: { message: ({ subject, reason }) => `cannot read ${subject}${reason && `: ${reason}`}` },
    ERR_FILE_WRITE: {
      message: ({ subject, reason }) => `cannot write ${subject}${reason && `: ${reason}`}`,
    },
    ERR_FILE_EXISTS: {
      message: ({ subject }) => `${subject} exists already; it was left alone`,
      advice: 'Choose another name, or replace it with --force.',
    },
    ERR_FILE_IS_DOCUMENT: {
      message: ({ subject }) =>
        `the signature would take the place of the document ${subject}; nothing was written`,
      advice: 'Choose another name with -o.',
    },
    ERR_FILE_CHANGED: {
      message: ({ subject }) => `${subject} changed while it was being signed; nothing was written`,
      advice: 'Let no other program write to it, and sign again.',
    },
    ERR_FILE_FORMAT: {
      message: ({ subject, reason }) => `${subject} does not hold what it should${reason && `: ${reason}`}`,
    },
    ERR_INTERRUPTED: { message: 'interrupted' },
    ERR_INTERNAL: { message: ({ detail }) => `this program failed: ${detail}` },
    ERR_PCSC_BINDING_MISSING: {
      message: 'the PC/SC driver of this program is not installed',
      advice:
        'Install it as the README says (it needs a compiler and libpcsclite-dev), or try the virtual card: --card sim:',
    },
    ERR_PCSC_NO_SERVICE: {
      message: 'the PC/SC service is not running',
      advice: 'Start it (Debian: systemctl start pcscd), or try the virtual card: --card sim:',
    },
    ERR_PCSC_NO_READER: {
      message: ({ subject }) =>
        subject ? `no reader is named like "${subject}"` : 'no card reader is connected',
      advice: '`jpki readers` lists them. Without one, try the virtual card: --card sim:',
    },
    ERR_PCSC_NO_CARD: { message: 'no card is in the reader' },
    ERR_PCSC_SHARING_VIOLATION: {
      message: 'another program holds the card',
      advice: 'Close it (browsers and 利用者クライアントソフト often do this), then repeat.',
    },
    ERR_PCSC_TIMEOUT: { message: 'the card, the reader or the PC/SC service took too long to answer' },
    ERR_PCSC_PROTOCOL: { message: ({ detail }) => `the reader and the card did not agree: ${detail}` },
    ERR_PIN_COUNTER_CHANGED: {
      message: 'the number of tries left changed while you were asked; no PIN was sent',
      advice: 'Another program used the card. Look at `jpki pin status` and start again.',
    },
    ERR_PIN_KNOWN_WRONG: {
      message: ({ pin }) =>
        `the card refused this ${pin} before; it was not sent again, and no further try was spent`,
    },
    ERR_PIN_REPEATED: {
      message: 'this very PIN was refused a moment ago; it was not sent again, and no try was used',
      advice: 'Enter another one.',
    },
    ERR_PIN_REFUSED: { message: ({ pin }) => `the card did not accept the ${pin} for comparison` },
    ERR_PCSC_WORKER_THREAD: { message: ({ detail }) => detail },
    ERR_PCSC_CLOSED: { message: 'the connection to the PC/SC service was closed' },
    ERR_PCSC_NO_ACCESS: {
      message: 'the PC/SC service refuses this user',
      advice: 'Ask the administrator for access (polkit rule org.debian.pcsc-lite.access_pcsc).',
    },
    ERR_PCSC_UNRESPONSIVE_CARD: { message: 'the card does not answer; it may lie the wrong way round' },
    ERR_PCSC_UNPOWERED_CARD: { message: 'the card has no power' },
    ERR_PCSC_COMMUNICATION: { message: ({ detail }) => `the exchange with the card failed: ${detail}` },
    ERR_PCSC_UNSUPPORTED: { message: ({ detail }) => `the reader cannot do this: ${detail}` },
    ERR_PCSC_INTERNAL: { message: ({ detail }) => `the PC/SC service failed: ${detail}` },
    ERR_SIM_PKI_DAMAGED: {
      message: ({ detail }) => `the keys of the virtual cards are damaged: ${detail}`,
      advice:
        'Remove that folder; new keys are made when needed, and older signatures of virtual cards will not verify any more.',
    },
    ERR_SIM_STATE_FILE: {
      message: ({ detail }) => `the state of the virtual card cannot be kept: ${detail}`,
      advice: 'Name another file after @, or remove it.',
    },
    ERR_SIM_BUSY: {
      message: ({ detail }) => `another process works with the virtual cards: ${detail}`,
      advice: 'Wait for it, then repeat.',
    },
    ERR_SIM_NO_POWER: { message: 'the virtual card has no power' },
    ERR_SIM_PERSONA: { message: ({ detail }) => detail, advice: '`jpki sim personas` lists them.' },
    ERR_CARD_FORGED: {
      message: ({ detail }) => `this card is not genuine; nothing is shown (${detail})`,
      advice:
        'Do not rely on this card. Put it in again and repeat; if it comes back, show it to the municipal office (市区町村窓口).',
    },
    ERR_CV_ANCHOR_FORMAT: { message: ({ detail }) => detail },
    ERR_SECURE_MESSAGING: {
      message: ({ detail }) => `the encrypted exchange with the card failed: ${detail}`,
    },
    ERR_PIN_CHANGE_REFUSED: {
      message: ({ pin }) => `the card refused the new ${pin}; the old one stays valid`,
      advice: 'Choose another one.',
    },
    ERR_PIN_CHANGE_UNKNOWN: {
      message: ({ pin, whereabouts }) =>
        `it is not certain which ${pin} is valid now: ${whereabouts.map(({ application, pin: which }) => `${application} has ${WHICH_PIN[which]}`).join(', ')}`,
      advice:
        'Nothing was sent again. Put the card in again, look at `jpki pin status`, and try the new one first where it may be valid.',
    },
    ERR_NEW_PIN_DIFFERS: {
      message: 'the new PIN was not typed the same way twice; nothing was sent to the card',
    },
    ERR_PIN_ABSENT: {
      message: ({ pin }) => `this card has no ${pin}; a 顔認証マイナンバーカード has none`,
      advice: ({ reference }) =>
        reference === 'text'
          ? 'Numbers printed on the card open it too: --code a or --code b.'
          : 'PINs are set at the municipal counter (市区町村窓口).',
    },
    ERR_SHOW_MISSING: {
      message: 'the 個人番号 is shown with --show only',
      advice: 'Nobody may collect or keep that of another person outside the purposes of the law (番号法).',
    },
    ERR_TERMINAL_PICTURE: {
      message: 'this terminal shows no pictures',
      advice: 'Write the photo to a file: -o FILE.png. Nothing was asked and nothing was sent to a card.',
    },
    ERR_PICTURE_DECODER_MISSING: {
      message: 'the decoder for the photo (JPEG 2000) is not installed',
      advice: 'Install the optional package @cornerstonejs/codec-openjpeg. Nothing was sent to a card.',
    },
    ERR_SIM_EXPORT: { message: ({ detail }) => detail },
    ERR_SIM_PKI_FOLDER: {
      message: ({ detail }) => `the folder of the virtual cards' keys cannot be used: ${detail}`,
      advice: 'Make it writable for you alone, or name another one in JPKI_SIM_PKI.',
    },
    ...enWorkbenchErrors,
    ...enTraceErrors,
  },
  reasons: {
    ENOENT: 'there is no such file or folder',
    EACCES: 'permission denied',
    EPERM: 'permission denied',
    EISDIR: 'it is a folder',
    ENOTDIR: 'it is not a folder',
    ENOSPC: 'the disk is full',
    EROFS: 'the disk can only be read',
    EFBIG: 'it is too large',
    EBADF: 'the descriptor is not open',
  },
  violations: {
    empty: 'it is empty',
    'too-short': 'it is too short',
    'too-long': 'it is too long',
    character: 'it has a character that cannot be in it',
    'not-mixed': 'it needs both letters and digits',
  },
  advice: {
    none: '',
    retry: 'Try again.',
    'insert-card': 'Put the card in.',
    'reinsert-card': 'Take the card out, put it in again and repeat.',
    'connect-reader': 'Connect a card reader.',
    'start-service': 'Start the PC/SC service.',
    'restart-service': 'Restart the PC/SC service: it runs and does not answer.',
    'install-driver': 'Install the PC/SC driver as the README says.',
    'reenter-pin': 'Enter the PIN again.',
    'confirm-last-try': 'Repeat with --allow-last-try 1 if the PIN is certain.',
    'visit-municipality': COUNTER,
    'correct-command': '`jpki --help` and `jpki COMMAND --help` show what there is.',
    'check-file': 'Look at the name, the permissions and the free space.',
    'update-program': 'It is planned for a later version.',
    'report-fault': 'Please report it; the report needs no PIN and no personal data.',
  },
};
