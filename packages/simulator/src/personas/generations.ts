import type { Issuance, Persona } from '../persona.ts';
import { ADULT, CURRENT, PLASTIC_CARD } from './adult.ts';

/** Issued when the first CA key was in use; the certificates and that CA's own have expired. */
const FIRST: Issuance = { generation: 1, issuedDaysAgo: 2400, promise: 'expired' };

/** Issued three years ago, in the last year of the second CA key; valid for at least one more. */
const SECOND: Issuance = { generation: 2, issuedDaysAgo: 1095, promise: 'valid' };

const documented = ['three CA keys under one name, ten years each: card-protocol.md 7.1'];
const assumed = ['the dates of the CA keys are counted back from today'];

export const GENERATION_1: Persona = {
  ...ADULT,
  name: 'generation-1',
  description: { ja: '第 1 世代の認証局 (有効期間切れ)', en: 'issued by the first CA key: expired' },
  certificates: { sign: FIRST, auth: FIRST },
  card: { ...PLASTIC_CARD, life: { issuedDaysAgo: FIRST.issuedDaysAgo } },
  numbers: { securityCode: '4331', serialNumber: '990000000000011' },
  documented,
  assumed,
};

export const GENERATION_2: Persona = {
  ...ADULT,
  name: 'generation-2',
  description: { ja: '第 2 世代の認証局', en: 'issued by the second CA key' },
  certificates: { sign: SECOND, auth: SECOND },
  card: { ...PLASTIC_CARD, life: { issuedDaysAgo: SECOND.issuedDaysAgo } },
  numbers: { securityCode: '4332', serialNumber: '990000000000012' },
  documented,
  assumed,
};

export const GENERATION_3: Persona = {
  ...ADULT,
  name: 'generation-3',
  description: { ja: '第 3 世代の認証局', en: 'issued by the third CA key' },
  certificates: { sign: CURRENT, auth: CURRENT },
  numbers: { securityCode: '4333', serialNumber: '990000000000013' },
  documented,
  assumed,
};
