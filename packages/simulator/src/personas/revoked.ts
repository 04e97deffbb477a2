import type { Issuance, Persona } from '../persona.ts';
import { ADULT, CURRENT } from './adult.ts';

/** Issued a month ago, revoked ten days ago. */
const REVOKED_LATER: Issuance = { ...CURRENT, revokedAfterDays: 20 };

/** On the card nothing tells a revoked certificate from a good one: only the CRL of `exportPki` does. */
export const REVOKED: Persona = {
  ...ADULT,
  name: 'revoked',
  description: { ja: '電子証明書が失効している', en: 'both certificates are revoked' },
  certificates: { sign: REVOKED_LATER, auth: REVOKED_LATER },
  numbers: { securityCode: '4327', serialNumber: '990000000000007' },
  documented: ['revocation is told by CRL and OCSP alone: card-protocol.md 9.3'],
  assumed: ['the card answers as before', 'the format of the CRL, and its reason: cessationOfOperation'],
};
