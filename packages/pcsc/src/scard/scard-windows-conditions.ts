import { type ConditionEntry, condition } from './scard-condition.ts';
import {
  BUSY,
  COMMUNICATION,
  INTERNAL,
  NO_ACCESS,
  NO_CARD,
  NO_SERVICE,
  READER_GONE,
  REFUSED,
  REMOVED,
  TIMEOUT,
  UNSUPPORTED,
} from './scard-condition-kinds.ts';

/**
 * Errors of Windows itself: SCardTransmit, SCardControl and SCardConnect hand on what a reader's driver reports, and
 * those are plain system error codes (winerror.h; "Smart Card Return Values" of Microsoft's reference names the rule).
 */
export const windowsConditions: readonly ConditionEntry[] = [
  condition(0x0001, 'ERROR_INVALID_FUNCTION', UNSUPPORTED, {
    en: 'the driver of the reader does not know this function',
    ja: 'カードリーダーのドライバーがこの機能に対応していません',
  }),
  condition(0x0005, 'ERROR_ACCESS_DENIED', NO_ACCESS, {
    en: 'Windows does not let this user use the reader',
    ja: 'このユーザーには Windows でのカードリーダーの使用が許可されていません',
  }),
  condition(0x0006, 'ERROR_INVALID_HANDLE', NO_SERVICE, {
    en: 'the connection is no longer valid; the smart card service was probably restarted',
    ja: '接続が無効になりました。スマートカードサービスが再起動された可能性があります',
  }),
  condition(0x0015, 'ERROR_NOT_READY', NO_CARD, {
    en: 'the reader is not ready; there is probably no card in it',
    ja: 'カードリーダーの準備ができていません。カードがない可能性があります',
  }),
  condition(0x0016, 'ERROR_BAD_COMMAND', COMMUNICATION, {
    en: 'the reader does not recognise what the driver told it, or was just unplugged',
    ja: 'カードリーダーが命令を認識できません。取り外された可能性があります',
  }),
  condition(0x0017, 'ERROR_CRC', COMMUNICATION, {
    en: 'data was damaged between the card and the reader',
    ja: 'カードとカードリーダーの間でデータが壊れました',
  }),
  condition(0x001f, 'ERROR_GEN_FAILURE', COMMUNICATION, {
    en: 'the reader does not work; it may have lost contact with the card',
    ja: 'カードリーダーが正しく動作していません。カードとの接触が切れた可能性があります',
  }),
  condition(0x0032, 'ERROR_NOT_SUPPORTED', UNSUPPORTED, {
    en: 'the driver of the reader cannot do this',
    ja: 'カードリーダーのドライバーがこの機能に対応していません',
  }),
  condition(0x0057, 'ERROR_INVALID_PARAMETER', REFUSED, {
    en: 'Windows did not understand the request',
    ja: 'Windows が要求を理解できませんでした',
  }),
  condition(0x006d, 'ERROR_BROKEN_PIPE', NO_SERVICE, {
    en: 'the client of this remote session does not share its smart cards',
    ja: 'リモートセッションのクライアントがスマートカードを共有していません',
  }),
  condition(0x0079, 'ERROR_SEM_TIMEOUT', TIMEOUT, {
    en: 'the driver of the reader gave up waiting for the card',
    ja: 'カードリーダーのドライバーがカードの応答を待ちきれませんでした',
  }),
  condition(0x00aa, 'ERROR_BUSY', BUSY, { en: 'the reader is busy', ja: 'カードリーダーが使用中です' }),
  condition(0x00ea, 'ERROR_MORE_DATA', INTERNAL, {
    en: 'the answer was longer than the room for it',
    ja: '応答が用意した領域より長くなりました',
  }),
  condition(0x03e3, 'ERROR_OPERATION_ABORTED', COMMUNICATION, {
    en: 'Windows broke the exchange off, for example for sleep',
    ja: 'スリープなどのため、Windows が通信を中断しました',
  }),
  condition(0x0456, 'ERROR_MEDIA_CHANGED', REMOVED, {
    en: 'the card was changed for another one',
    ja: 'カードが入れ替えられました',
  }),
  condition(0x0458, 'ERROR_NO_MEDIA_IN_DRIVE', NO_CARD, {
    en: 'there is no card in the reader',
    ja: 'カードリーダーにカードがありません',
  }),
  condition(0x045d, 'ERROR_IO_DEVICE', COMMUNICATION, {
    en: 'the exchange with the reader failed',
    ja: 'カードリーダーとの通信に失敗しました',
  }),
  condition(0x048f, 'ERROR_DEVICE_NOT_CONNECTED', READER_GONE, {
    en: 'the reader was unplugged',
    ja: 'カードリーダーが取り外されました',
  }),
  condition(0x04c7, 'ERROR_CANCELLED', REFUSED, {
    en: 'the person cancelled a dialog of the system',
    ja: 'システムの画面で取り消されました',
  }),
  condition(0x0651, 'ERROR_DEVICE_REMOVED', READER_GONE, {
    en: 'the reader was unplugged',
    ja: 'カードリーダーが取り外されました',
  }),
];
