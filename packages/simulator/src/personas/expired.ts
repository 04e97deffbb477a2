import type { Issuance, Persona } from '../persona.ts';
import { ADULT, PLASTIC_CARD } from './adult.ts';

/** Five and a half years ago: past every fifth birthday. The CA of generation 2 was there already and is valid still. */
const LONG_AGO: Issuance = { generation: 2, issuedDaysAgo: 2009, promise: 'expired' };

export const EXPIRED: Persona = {
  ...ADULT,
  name: 'expired',
  description: {
    ja: '電子証明書の有効期間切れ',
    en: 'both certificates have expired, their CA has not',
  },
  certificates: { sign: LONG_AGO, auth: LONG_AGO },
  card: { ...PLASTIC_CARD, life: { issuedDaysAgo: LONG_AGO.issuedDaysAgo } },
  numbers: { securityCode: '4326', serialNumber: '990000000000006' },
  documented: ['validity: card-protocol.md 7.2, 7.3'],
  assumed: ['the card, good for ten years, answers as before: it has no clock'],
};
