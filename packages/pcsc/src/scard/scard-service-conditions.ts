import { type ConditionEntry, condition } from './scard-condition.ts';
import {
  BUSY,
  INTERNAL,
  NO_ACCESS,
  NO_SERVICE,
  REFUSED,
  SERVICE_LOST,
  TIMEOUT,
  UNSUPPORTED,
} from './scard-condition-kinds.ts';

/** What the PC/SC service says about itself, and about questions it does not answer. */
export const serviceConditions: readonly ConditionEntry[] = [
  condition(0x80100001, 'SCARD_F_INTERNAL_ERROR', INTERNAL, {
    en: 'the PC/SC service failed inside',
    ja: 'PC/SC サービスの内部で障害が起きました',
  }),
  condition(0x80100002, 'SCARD_E_CANCELLED', REFUSED, {
    en: 'the wait was cancelled',
    ja: '待機が取り消されました',
  }),
  condition(0x80100003, 'SCARD_E_INVALID_HANDLE', NO_SERVICE, {
    en: 'the connection is no longer valid; the PC/SC service was probably restarted',
    ja: '接続が無効になりました。PC/SC サービスが再起動された可能性があります',
  }),
  condition(0x80100004, 'SCARD_E_INVALID_PARAMETER', REFUSED, {
    en: 'the PC/SC service did not understand the request',
    ja: 'PC/SC サービスが要求を理解できませんでした',
  }),
  condition(0x80100005, 'SCARD_E_INVALID_TARGET', REFUSED, {
    en: 'the start-up information of the PC/SC service is missing or wrong',
    ja: 'PC/SC サービスの起動情報がないか、誤っています',
  }),
  condition(0x80100006, 'SCARD_E_NO_MEMORY', INTERNAL, {
    en: 'the PC/SC service has no memory or connections left',
    ja: 'PC/SC サービスのメモリーまたは接続数が不足しています',
  }),
  condition(0x80100007, 'SCARD_F_WAITED_TOO_LONG', TIMEOUT, {
    en: 'a time limit inside the PC/SC service ran out',
    ja: 'PC/SC サービス内部の制限時間を超えました',
  }),
  condition(0x8010000a, 'SCARD_E_TIMEOUT', TIMEOUT, {
    en: 'the card or the reader took too long',
    ja: 'カードまたはカードリーダーの応答がありません',
  }),
  condition(0x8010000b, 'SCARD_E_SHARING_VIOLATION', BUSY, {
    en: 'another program is using the card',
    ja: 'ほかのプログラムがカードを使用中です',
  }),
  condition(0x80100011, 'SCARD_E_INVALID_VALUE', REFUSED, {
    en: 'a value in the request is not one the PC/SC service knows',
    ja: '要求に PC/SC サービスの扱えない値があります',
  }),
  condition(0x80100012, 'SCARD_E_SYSTEM_CANCELLED', INTERNAL, {
    en: 'the system ended the call',
    ja: 'システムが処理を中断しました',
  }),
  condition(0x80100013, 'SCARD_F_COMM_ERROR', SERVICE_LOST, {
    en: 'the connection to the PC/SC service broke; it was probably stopped',
    ja: 'PC/SC サービスとの通信が切れました。停止された可能性があります',
  }),
  condition(0x80100014, 'SCARD_F_UNKNOWN_ERROR', INTERNAL, {
    en: 'the PC/SC service failed without saying why',
    ja: 'PC/SC サービスで原因不明の障害が起きました',
  }),
  condition(0x80100018, 'SCARD_P_SHUTDOWN', SERVICE_LOST, {
    en: 'the PC/SC service is about to end',
    ja: 'PC/SC サービスが終了しようとしています',
  }),
  condition(0x8010001d, 'SCARD_E_NO_SERVICE', NO_SERVICE, {
    en: 'the PC/SC service is not running',
    ja: 'PC/SC サービスが動作していません',
  }),
  condition(0x8010001e, 'SCARD_E_SERVICE_STOPPED', SERVICE_LOST, {
    en: 'the PC/SC service was stopped',
    ja: 'PC/SC サービスが停止しました',
  }),
  // One number, two names: pcsclite.h gives it to UNSUPPORTED_FEATURE as well, winerror.h to UNEXPECTED alone.
  condition(0x8010001f, 'SCARD_E_UNSUPPORTED_FEATURE', UNSUPPORTED, {
    en: 'the reader or its driver cannot do this',
    ja: 'カードリーダーまたはドライバーがこの機能に対応していません',
  }),
  condition(0x80100022, 'SCARD_E_UNSUPPORTED_FEATURE (Windows)', UNSUPPORTED, {
    en: 'the reader or its driver cannot do this',
    ja: 'カードリーダーまたはドライバーがこの機能に対応していません',
  }),
  condition(0x80100027, 'SCARD_E_NO_ACCESS', NO_ACCESS, {
    en: 'this user may not use smart cards (on Linux a polkit rule decides it)',
    ja: 'このユーザーにはスマートカードの使用が許可されていません (Linux では polkit の設定)',
  }),
  condition(0x8010002b, 'SCARD_E_UNKNOWN_RES_MNG', INTERNAL, {
    en: 'a part below the PC/SC service failed with a code it does not know',
    ja: 'PC/SC サービスの下位の部品が未知のエラーを返しました',
  }),
  condition(0x80100031, 'SCARD_E_SERVER_TOO_BUSY', BUSY, {
    en: 'the PC/SC service has too much to do',
    ja: 'PC/SC サービスが混み合っています',
  }),
  condition(0x8010006a, 'SCARD_W_SECURITY_VIOLATION', NO_ACCESS, {
    en: 'the PC/SC service refused access to this user',
    ja: 'PC/SC サービスがこのユーザーのアクセスを拒否しました',
  }),
];
