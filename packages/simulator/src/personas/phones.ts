import type { CardProfile, Persona } from '../persona.ts';
import { ADULT, PLASTIC_CARD, PUBLIC_PINS } from './adult.ts';

/** Made by PC/SC part 3 from a phone without historical bytes; no recorded one is known. */
const PHONE_ATR = '3B80800101';

const PHONE: CardProfile = { ...PLASTIC_CARD, applications: 'jpki-only', atr: PHONE_ATR };

export const PHONE_ANDROID: Persona = {
  ...ADULT,
  name: 'phone-android',
  cardKind: 'phone-android',
  description: {
    ja: 'スマートフォン用電子証明書 (Android)',
    en: 'an Android phone: the authentication certificate wants its PIN',
  },
  pins: { sign: PUBLIC_PINS.sign, auth: PUBLIC_PINS.auth },
  card: { ...PHONE, tokenLabel: 'JPKIAPGPSETOKEN', authCertificateNeedsPin: true },
  documented: ['token label: card-protocol.md 2.1', 'EF 000A wants the PIN: card-protocol.md 3.1, 7.4'],
  assumed: [
    'the ATR',
    'the 公的個人認証AP as on the plastic card, certificate profile included; no other application (6A82)',
  ],
};

export const PHONE_IPHONE: Persona = {
  ...ADULT,
  name: 'phone-iphone',
  cardKind: 'phone-iphone',
  description: { ja: 'iPhone のマイナンバーカード', en: 'an iPhone: nothing but its token file is known' },
  pins: {},
  certificates: {},
  card: { ...PHONE, tokenLabel: 'JPKIAPIOSTOKEN', files: 'token-only' },
  documented: ['token label: card-protocol.md 2.1'],
  assumed: [
    'the ATR',
    'every other application, and every file but EF 0006, is not there (6A82)',
    '80 FC 00 00 answers 6700',
  ],
};
