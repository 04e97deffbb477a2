import { CARD_NUMBER_EF, COMMON_AP, COMMON_KEY_EF, COMMON_PIN } from '../common/layout.ts';
import { CARD_MANAGER_AID } from '../lock.ts';
import { ManagerTag } from '../manager/layout.ts';
import { RESIDENT_AP, RESIDENT_PIN_EF } from '../resident/layout.ts';
import { file, secret } from './file.ts';
import type { Holds, MappedApplication, MappedDataObject } from './model.ts';

/** 住基AP (card-protocol.md 6). */
export const residentMap: MappedApplication = {
  aid: RESIDENT_AP.aid,
  name: 'resident register',
  japaneseName: RESIDENT_AP.name,
  files: [secret(RESIDENT_PIN_EF, 'resident', 'resident-register PIN')],
  dataObjects: [],
};

/** 共通カードAP (card-protocol.md 6). */
export const commonMap: MappedApplication = {
  aid: COMMON_AP.aid,
  name: 'common',
  japaneseName: COMMON_AP.name,
  files: [
    file(CARD_NUMBER_EF, 'identifying', 'card number record', 'カード番号'),
    file(COMMON_KEY_EF, 'key', 'key that answers INTERNAL AUTHENTICATE', '内部認証用秘密鍵'),
    secret(COMMON_PIN.pinEf, 'resident', 'resident-register PIN, again'),
  ],
  dataObjects: [],
};

/** The card manager (GlobalPlatform issuer security domain, card-protocol.md 1.4). */
export const managerMap: MappedApplication = {
  aid: CARD_MANAGER_AID,
  name: 'card manager',
  japaneseName: 'カードマネージャ',
  files: [],
  dataObjects: [
    dataObject(ManagerTag.ISSUER, 'identifying', 'issuer identification number', '発行者識別番号'),
    dataObject(ManagerTag.CARD_NUMBER, 'identifying', 'card identification number', 'カード識別番号'),
    dataObject(ManagerTag.RECOGNITION, 'public', 'card recognition data', 'カード認識データ'),
    dataObject(ManagerTag.MUNICIPALITY, 'identifying', 'municipality', '市区町村コード'),
    dataObject(ManagerTag.EXPIRY, 'identifying', 'expiry', '有効期限'),
    dataObject(ManagerTag.INTERMEDIATE, 'identifying', 'key id of the intermediate key', '中間鍵の識別子'),
    dataObject(ManagerTag.UPPER, 'identifying', 'CV certificate of the intermediate key', '中間鍵の証明書'),
    dataObject(ManagerTag.CONTACT_ATR, 'public', 'ATR of the contact side', '接触側のATR'),
    dataObject(ManagerTag.LOWER, 'identifying', 'CV certificate of the card', 'カードの証明書'),
  ],
};

function dataObject(tag: number, holds: Holds, name: string, japaneseName: string): MappedDataObject {
  return { tag, name, japaneseName, holds };
}
