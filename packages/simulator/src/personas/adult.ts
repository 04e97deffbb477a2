import type { CardProfile, Holder, Issuance, Persona, PinName } from '../persona.ts';

/** The current card in a contact reader: the ATR with the most sources (card-protocol.md 1.1). */
export const PLASTIC_CARD: CardProfile = {
  applications: 'all',
  life: { issuedDaysAgo: 30 },
  atr: '3BE000FF8131FE4514',
  tokenLabel: 'JPKIAPICCTOKEN2',
  files: 'all',
  authCertificateNeedsPin: false,
};

/** Prefecture code 99 does not exist, and neither do the places. */
const NOWHERE = {
  address: '架空県模擬市仮想町１丁目２番３号',
  prefecture: 'Kaku-ken',
  municipality: 'Mogi-shi',
  municipalityCode: '99999',
} as const;

const ADULT_HOLDER: Holder = {
  ...NOWHERE,
  name: '模擬　花子',
  sex: '2',
  birth: { year: 1985, month: 6, day: 15 },
  myNumber: '999999010018',
  portrait: 'woman',
};

export const CHILD_HOLDER: Holder = {
  ...NOWHERE,
  name: '模擬　小太郎',
  sex: '1',
  birth: { age: 9, month: 11, day: 3 },
  myNumber: '999999020022',
  portrait: 'boy',
};

export const FOREIGN_HOLDER: Holder = {
  ...NOWHERE,
  name: 'SIMULATED　JANE　DOE',
  sex: '2',
  birth: { year: 1992, month: 2, day: 29 },
  myNumber: '999999030035',
  portrait: 'traveller',
};

/** Issued a month ago by the newest CA key, valid today. */
export const CURRENT: Issuance = { generation: 3, issuedDaysAgo: 30, promise: 'valid' };

/** The public PINs of the simulated cards, all different, so that one taken for another is found out. */
export const PUBLIC_PINS: Readonly<Record<PinName, string>> = {
  sign: 'ABC123',
  auth: '1234',
  text: '2345',
  resident: '3456',
};

export const ADULT: Persona = {
  name: 'adult',
  cardKind: 'individual-number-card',
  description: { ja: '大人のマイナンバーカード', en: 'an adult with both certificates' },
  pins: PUBLIC_PINS,
  holder: ADULT_HOLDER,
  certificates: { sign: CURRENT, auth: CURRENT },
  card: PLASTIC_CARD,
  numbers: { securityCode: '4321', serialNumber: '990000000000001' },
  documented: [
    'files, keys, PINs and their answers: card-protocol.md 3 to 6',
    'certificate profile and validity: card-protocol.md 7.2, 7.3',
    'sizes and coding of the pictures: card-protocol.md 5',
    'the card ends on the tenth birthday after its issue: leaflet for cardholders',
  ],
  assumed: [
    'physical sizes of the files, but for the three of card-protocol.md 1.3',
    'the typeface of the text images: M+ 12-dot',
    'answers that no document tells: each can be switched, see src/variants',
  ],
};
