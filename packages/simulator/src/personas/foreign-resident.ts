import type { Persona } from '../persona.ts';
import { ADULT, FOREIGN_HOLDER, PLASTIC_CARD } from './adult.ts';

export const FOREIGN_RESIDENT: Persona = {
  ...ADULT,
  name: 'foreign-resident',
  description: {
    ja: '外国人住民 (在留期間の満了でカードの有効期間も終わる)',
    en: 'a foreign resident: the card ends with the period of stay',
  },
  holder: FOREIGN_HOLDER,
  // The card of a foreign resident ends with the period of stay; the day is an example.
  card: { ...PLASTIC_CARD, life: { issuedDaysAgo: 30, stayEnds: { month: 3, day: 31 } } },
  numbers: { securityCode: '4325', serialNumber: '990000000000005' },
  documented: ['certificates end with the card: card-protocol.md 7.2'],
  assumed: ['the name in Latin capitals, parts separated by U+3000', 'the end falls on 23:59:59 JST'],
};
