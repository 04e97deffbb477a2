import type { Persona } from '../persona.ts';
import { ADULT, PUBLIC_PINS } from './adult.ts';

export const NO_CERTIFICATES: Persona = {
  ...ADULT,
  name: 'no-certificates',
  description: { ja: '電子証明書なし', en: 'a card without any certificate' },
  pins: { text: PUBLIC_PINS.text, resident: PUBLIC_PINS.resident },
  certificates: {},
  numbers: { securityCode: '4323', serialNumber: '990000000000003' },
  documented: ['absence is told by EF 0008: card-protocol.md 3.1'],
  assumed: [
    'both bytes are 00',
    'the certificate, key and PIN files of the 公的個人認証AP are not there (6A82)',
  ],
};
