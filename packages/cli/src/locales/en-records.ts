import type { RecordTexts } from './record-texts.ts';

const DO_NOT_TRUST =
  'Do not rely on this card. Show it to the municipal office (市区町村窓口) that issued it.';

/** English: what the card says of its holder. */
export const enRecords: RecordTexts = {
  labels: {
    name: 'Name (氏名)',
    address: 'Address (住所)',
    birthDate: 'Birth date (生年月日)',
    sex: 'Sex (性別)',
    expiry: 'Card valid until (有効期限)',
    myNumber: 'Individual Number (個人番号)',
    securityCode: 'Security code (セキュリティコード)',
  },
  sexes: { male: 'male', female: 'female', 'not-applicable': 'not applicable', unknown: 'unknown' },
  verified: 'Verified: the card proved that this is what its issuer wrote.',
  unverified: 'NOT VERIFIED: nothing proves that this is genuine.',
  findings: {
    NOT_CHECKED: {
      message: 'Nobody looked whether it is genuine.',
      advice: 'Choose what to trust with --trust.',
    },
    RECORD_UNREADABLE: {
      message: 'The card does not show the signed record to whom this secret is known.',
      advice: 'Use the PIN instead of the code.',
    },
    CV_CA_UNKNOWN: {
      message: 'No trusted key has the name of the CA that the card gives.',
      advice:
        'By default real cards alone are trusted. For a virtual card use --trust simulator, for another CA --trust FILE.',
    },
    CV_CERTIFICATE_WRONG: {
      message: 'The certificate on the card was not signed by the CA that it names.',
      advice: DO_NOT_TRUST,
    },
    RECORD_WRONG: {
      message: 'The record was not signed by the key in the certificate on the card.',
      advice: DO_NOT_TRUST,
    },
    RECORD_CONTENT_WRONG: { message: 'The data are not those that were signed.', advice: DO_NOT_TRUST },
    CARD_KEY_WRONG: { message: "The card's own key is not the one that was signed.", advice: DO_NOT_TRUST },
    CHALLENGE_WRONG: {
      message: 'The card does not have its own private key: it is a copy.',
      advice: DO_NOT_TRUST,
    },
  },
  hierarchies: {
    simulator: 'This is a virtual card. Its holder does not exist.',
    test: 'This is a test card. Its holder does not exist.',
  },
  myNumberLaw:
    'Nobody may collect or keep the 個人番号 of another person outside the purposes of the law (番号法), even with consent.',
  written: (path) => `Written: ${path}`,
  page: {
    language: 'en',
    title: 'The front of the card',
    verified: 'Verified',
    verifiedMeaning: 'The card proved that this is what its issuer wrote.',
    unverified: 'NOT VERIFIED',
    unverifiedMeaning: 'Nothing proves that this is genuine.',
    notice:
      'A picture of what the chip of an Individual Number Card (マイナンバーカード) says, not the card itself and no identity document. No signature covers the expiry date (有効期限) and the security code (セキュリティコード). Keep this file as you keep the card.',
  },
};
