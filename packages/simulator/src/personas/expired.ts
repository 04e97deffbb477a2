import type { Issuance, Persona } from '../persona.ts';
import { ADULT } from './adult.ts';

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
  documented: ['validity: card-protocol.md 7.2, 7.3'],
  assumed: ['the card answers as before: it has no clock'],
};
