import { type ConditionEntry, condition } from './scard-condition.ts';
import { CARD_MODULE, REFUSED } from './scard-condition-kinds.ts';

const module = (scardCode: number, name: string, en: string, ja: string): ConditionEntry =>
  condition(scardCode, name, CARD_MODULE, { en, ja });

/**
 * Codes for files, certificates and PINs of cards that Windows manages by drivers of their own ("card modules"). This
 * package calls none of those, but a driver may pass such a code on.
 */
export const moduleConditions: readonly ConditionEntry[] = [
  module(
    0x80100020,
    'SCARD_E_ICC_INSTALLATION',
    'no driver is registered for this card',
    'このカードのドライバーが登録されていません',
  ),
  module(
    0x80100021,
    'SCARD_E_ICC_CREATEORDER',
    'the objects of the card cannot be made in this order',
    'この順序ではカードのオブジェクトを作成できません',
  ),
  module(
    0x80100023,
    'SCARD_E_DIR_NOT_FOUND',
    'the card has no such directory',
    'カードにこのディレクトリーがありません',
  ),
  module(
    0x80100024,
    'SCARD_E_FILE_NOT_FOUND',
    'the card has no such file',
    'カードにこのファイルがありません',
  ),
  module(
    0x80100025,
    'SCARD_E_NO_DIR',
    'this is no directory of the card',
    'カードのディレクトリーではありません',
  ),
  module(0x80100026, 'SCARD_E_NO_FILE', 'this is no file of the card', 'カードのファイルではありません'),
  module(0x80100028, 'SCARD_E_WRITE_TOO_MANY', 'the card is full', 'カードの容量が不足しています'),
  module(
    0x80100029,
    'SCARD_E_BAD_SEEK',
    'the file of the card ends before this place',
    'カードのファイルの範囲外です',
  ),
  module(
    0x8010002a,
    'SCARD_E_INVALID_CHV',
    'a driver reports a wrong PIN',
    'ドライバーが暗証番号の誤りを報告しました',
  ),
  module(
    0x8010002c,
    'SCARD_E_NO_SUCH_CERTIFICATE',
    'a driver finds no such certificate',
    'ドライバーがこの証明書を見つけられません',
  ),
  module(
    0x8010002d,
    'SCARD_E_CERTIFICATE_UNAVAILABLE',
    'a driver could not read the certificate',
    'ドライバーが証明書を読み取れませんでした',
  ),
  module(
    0x80100030,
    'SCARD_E_NO_KEY_CONTAINER',
    'a driver finds no such key on the card',
    'ドライバーがカードにこの鍵を見つけられません',
  ),
  module(
    0x80100032,
    'SCARD_E_PIN_CACHE_EXPIRED',
    'the PIN that Windows kept has expired',
    'Windows の保持していた暗証番号の期限が切れました',
  ),
  module(
    0x80100033,
    'SCARD_E_NO_PIN_CACHE',
    'Windows keeps no PIN for this card',
    'Windows はこのカードの暗証番号を保持していません',
  ),
  module(0x80100034, 'SCARD_E_READ_ONLY_CARD', 'the card can only be read', 'カードは読み取り専用です'),
  module(
    0x8010006b,
    'SCARD_W_WRONG_CHV',
    'a driver reports a wrong PIN',
    'ドライバーが暗証番号の誤りを報告しました',
  ),
  module(
    0x8010006c,
    'SCARD_W_CHV_BLOCKED',
    'a driver reports a blocked PIN',
    'ドライバーが暗証番号のロックを報告しました',
  ),
  module(
    0x8010006d,
    'SCARD_W_EOF',
    'the end of a file of the card was reached',
    'カードのファイルの末尾に達しました',
  ),
  condition(0x8010006e, 'SCARD_W_CANCELLED_BY_USER', REFUSED, {
    en: 'the person cancelled a dialog of the system',
    ja: 'システムの画面で取り消されました',
  }),
  module(
    0x8010006f,
    'SCARD_W_CARD_NOT_AUTHENTICATED',
    'a driver reports that no PIN was given',
    'ドライバーが暗証番号の未入力を報告しました',
  ),
  module(
    0x80100070,
    'SCARD_W_CACHE_ITEM_NOT_FOUND',
    'Windows has not kept this data of the card',
    'Windows はカードのこのデータを保持していません',
  ),
  module(
    0x80100071,
    'SCARD_W_CACHE_ITEM_STALE',
    'the data that Windows kept of the card is out of date',
    'Windows の保持していたカードのデータは古くなっています',
  ),
  module(
    0x80100072,
    'SCARD_W_CACHE_ITEM_TOO_BIG',
    'the data of the card is too large for Windows to keep',
    'カードのデータが大きすぎて Windows は保持できません',
  ),
];
