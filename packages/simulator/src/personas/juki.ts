import type { Persona } from '../persona.ts';
import { ADULT, PLASTIC_CARD } from './adult.ts';

export const JUKI: Persona = {
  ...ADULT,
  name: 'juki',
  cardKind: 'juki-card',
  description: { ja: '旧住民基本台帳カード', en: 'an old 住基カード, to be refused politely' },
  pins: {},
  certificates: {},
  card: {
    ...PLASTIC_CARD,
    applications: 'jpki-only',
    atr: '3B888001000014E0B38191005E',
    tokenLabel: 'JPKIAPICCTOKEN',
    files: 'token-only',
  },
  documented: ['ATR: card-protocol.md 1.1', 'token label: card-protocol.md 2.1'],
  assumed: ['every other application, and every file but EF 0006, is not there (6A82)'],
};
