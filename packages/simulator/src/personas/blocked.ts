import type { Persona } from '../persona.ts';
import { ADULT } from './adult.ts';

export const BLOCKED: Persona = {
  ...ADULT,
  name: 'blocked',
  description: { ja: '暗証番号がすべてロックされている', en: 'every PIN is blocked' },
  triesLeft: { sign: 0, auth: 0 },
  documented: ['query 63C0, VERIFY 6984: card-protocol.md 3.2, 3.3'],
  assumed: [],
};
