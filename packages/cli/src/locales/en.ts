import { enHelp } from './en-help.ts';
import { grouped } from './grouped.ts';
import type { Messages } from './texts.ts';

/** English. */
export const en: Messages = {
  language: 'en',
  help: enHelp,
  card: {
    kinds: {
      'individual-number-card': 'Individual Number Card (マイナンバーカード)',
      'phone-android': 'smartphone certificate, Android',
      'phone-iphone': 'smartphone certificate, iPhone',
      'juki-card': 'old Basic Resident Register card (住基カード)',
      unknown: 'unknown card',
    },
    pins: {
      sign: 'signature password (署名用パスワード)',
      auth: 'authentication PIN (利用者証明用暗証番号)',
      text: 'input-support PIN (券面事項入力補助用暗証番号)',
      resident: 'resident-register PIN (住民基本台帳用暗証番号)',
      'number-a': 'verification number A (照合番号A: the 12 digits of the 個人番号)',
      'number-b': 'verification number B (照合番号B)',
      birth: 'birth date (生年月日)',
    },
    labels: {
      reader: 'Reader',
      card: 'Card',
      cardExpiry: 'valid until',
      cardId: 'card id',
      token: 'Token',
      applications: 'Applications',
      certificates: 'Certificates',
      validity: 'Authentication certificate',
      renewableFrom: 'renewable from',
      subject: 'Subject',
      issuer: 'Issuer',
      serial: 'Serial number',
      fingerprint: 'SHA-256',
      pins: 'PINs',
      period: 'Valid',
    },
    certificates: {
      sign: 'signature certificate (署名用電子証明書)',
      auth: 'authentication certificate (利用者証明用電子証明書)',
    },
    applications: {
      jpki: 'JPKI (公的個人認証AP)',
      text: 'input support (券面事項入力補助AP)',
      visual: 'card-surface confirmation (券面事項確認AP)',
      resident: 'resident register (住基AP)',
      common: 'card common (共通)',
    },
    present: 'yes',
    absent: 'no',
    noCard: 'no card',
    noReaders: 'No card reader is connected.',
    inUse: 'another program is using the card',
    atr: { historicalBytes: 'historical bytes', wrongCheckByte: 'TCK wrong' },
    waiting: 'Waiting for the card; another program may be using it. Ctrl-C ends this.',
    changes: {
      'reader-added': 'reader connected',
      'reader-removed': 'reader disconnected',
      'card-removed': 'card removed',
      'service-stopped': 'The PC/SC service stopped; waiting for it.',
      'service-started': 'The PC/SC service is running again.',
    },
    triesOf: (left, max) => `${left} of ${max} tries left`,
    blocked: 'BLOCKED',
    noPin: 'not on this card',
    daysLeft: (days) => `${days} days left`,
    expired: 'expired',
  },
  sign: {
    reader: (name) => `Card in:  ${name}`,
    file: (path, bytes) => `File:     ${path} (${grouped(bytes)} bytes)`,
    sha256: (hex) => `SHA-256:  ${hex}`,
    triesLeft: (pin, left, max) => `Tries left: ${left} of ${max} for the ${pin}`,
    fewTries: (left) =>
      `Careful: ${left === 1 ? 'one more mistake blocks it' : `${left} more mistakes block it`}.`,
    attributesVisible:
      'Everyone who receives the signature can read your name, address, birth date and sex in it (氏名・住所・生年月日・性別).',
    askPin: (pin, hint) => `${pin}, ${hint}: `,
    typeOnPad: (pin, seconds) =>
      `Type the ${pin} on the keypad of the reader within ${seconds} seconds; its cancel key ends it without a try.`,
    padWaits: 'The keypad still waits for the PIN. Press its cancel key, or take the card out.',
    pinHints: {
      digits: (length) => `${length} digits`,
      'upper-alphanumeric': () => '6 to 16 letters and digits',
    },
    upperCased: 'Lower-case letters of the password were sent as upper case, as the card wants them.',
    personaPin: (persona, pin) => `Virtual card "${persona}": its public ${pin} is used.`,
    lastTryQuestion: (pin, word) =>
      `One try is left for the ${pin}; a mistake blocks it. Type "${word}" to go on, anything else to stop: `,
    written: (path) => `Signed: ${path}`,
    lockLost:
      'The card was taken out right after signing. The signature is complete; removal locks the card.',
    cardGone: 'The card was taken out right after reading. Removal locks it.',
    verifyHint: (command) => `Check it:  ${command}`,
  },
  pinChange: {
    askNew: (pin, hint) => `New ${pin}, ${hint}: `,
    askAgain: 'Once more: ',
    differ: 'The two differ. Nothing was sent; once again.',
    changed: (pin) => `Changed: ${pin}`,
  },
  simulator: {
    serving: (persona, address) =>
      `The reader at ${address} has taken the virtual card "${persona}". Ctrl-C ends it.`,
    waiting: (address) => `No reader at ${address}; waiting for one.`,
    pkiWritten: (path) => `Written: ${path}`,
  },
};
