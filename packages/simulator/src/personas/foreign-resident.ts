import type { Persona } from '../persona.ts';
import { ADULT, CURRENT, FOREIGN_HOLDER } from './adult.ts';

/** The card of a foreign resident ends with the period of stay; 400 days are an example. */
const STAY = { ...CURRENT, cardEndsAfterDays: 400 } as const;

export const FOREIGN_RESIDENT: Persona = {
  ...ADULT,
  name: 'foreign-resident',
  description: {
    ja: '外国人住民（在留期間でカードの有効期間が終わる）',
    en: 'a foreign resident: the card ends with the period of stay',
  },
  holder: FOREIGN_HOLDER,
  certificates: { sign: STAY, auth: STAY },
  documented: ['certificates end with the card: card-protocol.md 7.2'],
  assumed: ['the name in Latin capitals, parts separated by U+3000', 'the end falls on 23:59:59 JST'],
};
