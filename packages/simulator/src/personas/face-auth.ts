import type { Persona } from '../persona.ts';
import { ADULT, CURRENT } from './adult.ts';

export const FACE_AUTH: Persona = {
  ...ADULT,
  name: 'face-auth',
  description: {
    ja: '顔認証マイナンバーカード (暗証番号なし)',
    en: 'a face-authentication card: no PINs set, no usable signing certificate',
  },
  pins: {},
  certificates: { auth: CURRENT },
  numbers: { securityCode: '4324', serialNumber: '990000000000004' },
  documented: ['no usable 署名用 certificate, no PIN for the 利用者証明用 one: card-protocol.md 7.3'],
  assumed: [
    'EF 0008 tells 00 8F',
    'the PIN files of all applications and the signing files are not there (6A82)',
    '照合番号 A and B and the 生年月日 key open what they open on every card',
    'the authentication key answers 6982: certified terminals open it in a way that is not simulated',
  ],
};
