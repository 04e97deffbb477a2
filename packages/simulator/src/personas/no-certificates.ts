import type { Persona } from '../persona.ts';
import { ADULT } from './adult.ts';

export const NO_CERTIFICATES: Persona = {
  ...ADULT,
  name: 'no-certificates',
  description: { ja: '電子証明書なし', en: 'a card without any certificate' },
  pins: {},
  certificates: {},
  documented: ['absence is told by EF 0008: card-protocol.md 3.1'],
  assumed: ['both bytes are 00', 'certificate, key and PIN files are not there (6A82)'],
};
