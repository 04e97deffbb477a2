/** Keys and secure messaging. */
export const KEY_VARIANTS = {
  signFixedLength: {
    section: '3.6, 12',
    mark: '?',
    what: '80 2A with a wrong length where one length is right',
    settings: ['6700', '6985'],
  },
  signTooLong: {
    section: '3.6, 12',
    mark: '?',
    what: '80 2A with more data than it takes',
    settings: ['6985', '6700'],
  },
  signatureSchemes: {
    section: '3.6',
    mark: '1',
    what: 'the values of P1 that 80 2A takes: 00 to 05, or 00 and 05, which more than one source tells',
    settings: ['00-05', '00-and-05'],
  },
  unknownScheme: {
    section: '3.6',
    mark: '1',
    what: '80 2A with a P1 that means nothing',
    settings: ['6A86', '6985'],
  },
  noDefaultKey: {
    section: '3.6',
    mark: '?',
    what: '80 2A with P2 = 00 where the application has no default key',
    settings: ['6A88', '6A86'],
  },
  internalAuthenticateJpki: {
    section: '3.6',
    mark: '1',
    what: 'INTERNAL AUTHENTICATE by a signature key behind a PIN',
    settings: ['6982', '6985'],
  },
  internalAuthenticateFree: {
    section: '3.6',
    mark: '1',
    what: 'INTERNAL AUTHENTICATE by a signature key without a PIN',
    settings: ['6985', '6982'],
  },
  terminalCertificate: {
    section: '3.6',
    mark: '1',
    what: '80 A2, a terminal certificate that the card does not take',
    settings: ['6700', '6985'],
  },
  secureMessaging: {
    section: '4.5',
    mark: '1',
    what: 'secure messaging in the 券面事項入力補助AP',
    settings: ['offered', '66F1'],
  },
  sessionKeyForbidden: {
    section: '4.5',
    mark: '1',
    what: '80 AE in the 公的個人認証AP and the 住基AP, whatever is verified',
    settings: ['6982', '66F1'],
  },
  sessionKeyNotConfigured: {
    section: '4.5',
    mark: '1',
    what: '80 AE in the 共通カードAP and the 券面事項確認AP',
    settings: ['66F1', '6982'],
  },
  sessionAtSameApplication: {
    section: '4.5, 12',
    mark: '?',
    what: 'SELECT of the application that is selected ends its secure messaging session',
    settings: ['ends', 'kept'],
  },
  sessionLengthForm: {
    section: '4.5',
    mark: '?',
    what: 'length of 128 to 255 bytes in a secured answer: one length byte after 81, or two after 82',
    settings: ['81', '82'],
  },
  sessionWithClass0C: {
    section: '4.5',
    mark: '?',
    what: 'CLA 0C, answered with 6987, keeps the session or ends it',
    settings: ['kept', 'ends'],
  },
} as const;
