import { AVAILABILITY_LENGTH, JPKI_AP, JpkiEf, TOKEN_LENGTH, TOKEN_SERIAL } from '../jpki/layout.ts';
import { file, secret } from './file.ts';
import type { MappedApplication } from './model.ts';

/** 公的個人認証AP (card-protocol.md 3.1). */
export const jpkiMap: MappedApplication = {
  aid: JPKI_AP.aid,
  name: 'JPKI',
  japaneseName: JPKI_AP.name,
  files: [
    file(JpkiEf.SIGN_CERTIFICATE, 'certificate', 'digital signature certificate', '署名用電子証明書'),
    file(JpkiEf.SIGN_CA, 'public', 'CA of the digital signature certificate', '署名用認証局の証明書'),
    {
      ...file(JpkiEf.TOKEN, 'public', 'token information', 'トークン情報'),
      length: TOKEN_LENGTH,
      parts: [{ ...TOKEN_SERIAL, name: 'serial number', japaneseName: '製造番号', holds: 'identifying' }],
    },
    {
      ...file(JpkiEf.AVAILABILITY, 'public', 'which certificates exist', '電子証明書の有無'),
      length: AVAILABILITY_LENGTH,
    },
    file(JpkiEf.AUTH_CERTIFICATE, 'certificate', 'user authentication certificate', '利用者証明用電子証明書'),
    file(JpkiEf.AUTH_CA, 'public', 'CA of the user authentication certificate', '利用者証明用認証局の証明書'),
    file(JpkiEf.AUTH_KEY, 'key', 'user authentication key', '利用者証明用秘密鍵'),
    secret(JpkiEf.AUTH_PIN, 'auth', 'user authentication PIN'),
    file(JpkiEf.SIGN_KEY, 'key', 'digital signature key', '署名用秘密鍵'),
    secret(JpkiEf.SIGN_PIN, 'sign', 'digital signature password'),
  ],
  dataObjects: [],
};
