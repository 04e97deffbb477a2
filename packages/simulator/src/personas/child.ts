import type { Persona } from '../persona.ts';
import { ADULT, CHILD_HOLDER, CURRENT, PUBLIC_PINS } from './adult.ts';

export const CHILD: Persona = {
  ...ADULT,
  name: 'child',
  description: {
    ja: '15 歳未満 (署名用電子証明書なし)',
    en: 'under 15: no digital signature certificate',
  },
  pins: { auth: PUBLIC_PINS.auth, text: PUBLIC_PINS.text, resident: PUBLIC_PINS.resident },
  holder: CHILD_HOLDER,
  certificates: { auth: CURRENT },
  numbers: { securityCode: '4322', serialNumber: '990000000000002' },
  documented: [
    'no 署名用 certificate, told by byte 0 of EF 0008: card-protocol.md 3.1',
    'the card ends on the fifth birthday after its issue: leaflet for cardholders',
  ],
  assumed: ['the byte is 00', 'EF 0001, 0002, 001A and 001B are not there (6A82)'],
};
