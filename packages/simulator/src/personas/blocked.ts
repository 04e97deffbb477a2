import type { Persona } from '../persona.ts';
import { ADULT } from './adult.ts';

export const BLOCKED: Persona = {
  ...ADULT,
  name: 'blocked',
  description: { ja: '暗証番号がすべてロックされている', en: 'all four PINs are blocked' },
  triesLeft: { sign: 0, auth: 0, text: 0, resident: 0 },
  numbers: { securityCode: '4328', serialNumber: '990000000000008' },
  documented: ['query 63C0, VERIFY 6984: card-protocol.md 3.2, 3.3'],
  assumed: [
    'the same of the 住民基本台帳用 PIN in both its applications',
    '照合番号 A and B still open what they open',
  ],
};
