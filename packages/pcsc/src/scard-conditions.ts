import type { Remedy } from '@jpki/iso7816';
import type { PcscErrorCode } from './errors.ts';

// SCARD codes that decisions are made on.
export const SCARD_E_SHARING_VIOLATION = 0x8010000b;
export const SCARD_E_NO_READERS_AVAILABLE = 0x8010002e;

/** What one SCARD code means to us and to the person in front of the reader. */
export interface ScardCondition {
  /** Name in the PC/SC headers. */
  readonly name: string;
  /** Our class of error: a `PcscError` of this code, or one of the two errors that every link shares. */
  readonly error: PcscErrorCode | 'removed' | 'reset';
  readonly remedy: Remedy;
  /** Likely cause, one sentence without a full stop. */
  readonly en: string;
  readonly ja: string;
}

const noService = (name: string, en: string, ja: string): ScardCondition => ({
  name,
  error: 'ERR_PCSC_NO_SERVICE',
  remedy: 'start-service',
  en,
  ja,
});

const NO_READER = { error: 'ERR_PCSC_NO_READER', remedy: 'connect-reader' } as const;
const COMMUNICATION = { error: 'ERR_PCSC_COMMUNICATION', remedy: 'reinsert-card' } as const;
const PROTOCOL = { error: 'ERR_PCSC_PROTOCOL', remedy: 'reinsert-card' } as const;
const UNSUPPORTED = { error: 'ERR_PCSC_UNSUPPORTED', remedy: 'none' } as const;
const INTERNAL = { error: 'ERR_PCSC_INTERNAL', remedy: 'retry' } as const;

/**
 * Every SCARD code a person can meet, in the order of their numbers. Source of names and numbers: pcsc-lite,
 * `pcsclite.h`, "Error codes"; the causes are what the service was seen to mean by them.
 */
export const scardConditions: ReadonlyMap<number, ScardCondition> = new Map<number, ScardCondition>([
  [
    0x80100001,
    {
      ...INTERNAL,
      name: 'SCARD_F_INTERNAL_ERROR',
      en: 'the PC/SC service failed inside',
      ja: 'PC/SC サービスの内部で障害が起きました',
    },
  ],
  [
    0x80100002,
    { ...INTERNAL, name: 'SCARD_E_CANCELLED', en: 'the wait was cancelled', ja: '待機が取り消されました' },
  ],
  [
    0x80100003,
    noService(
      'SCARD_E_INVALID_HANDLE',
      'the connection is no longer valid; the PC/SC service was probably restarted',
      '接続が無効になりました。PC/SC サービスが再起動された可能性があります',
    ),
  ],
  [
    0x80100004,
    {
      ...INTERNAL,
      name: 'SCARD_E_INVALID_PARAMETER',
      en: 'the PC/SC service did not understand the request',
      ja: 'PC/SC サービスが要求を理解できませんでした',
    },
  ],
  [
    0x80100006,
    {
      ...INTERNAL,
      name: 'SCARD_E_NO_MEMORY',
      en: 'the PC/SC service has no memory or connections left',
      ja: 'PC/SC サービスのメモリーまたは接続数が不足しています',
    },
  ],
  [
    0x80100008,
    {
      ...PROTOCOL,
      name: 'SCARD_E_INSUFFICIENT_BUFFER',
      en: 'the answer was longer than the service can pass on',
      ja: '応答がサービスの扱える長さを超えました',
    },
  ],
  [
    0x80100009,
    {
      ...NO_READER,
      name: 'SCARD_E_UNKNOWN_READER',
      en: 'there is no reader of this name',
      ja: 'この名前のカードリーダーはありません',
    },
  ],
  [
    0x8010000a,
    {
      error: 'ERR_PCSC_TIMEOUT',
      remedy: 'retry',
      name: 'SCARD_E_TIMEOUT',
      en: 'the card or the reader took too long',
      ja: 'カードまたはカードリーダーの応答がありません',
    },
  ],
  [
    0x8010000b,
    {
      error: 'ERR_PCSC_SHARING_VIOLATION',
      remedy: 'retry',
      name: 'SCARD_E_SHARING_VIOLATION',
      en: 'another program is using the card',
      ja: 'ほかのプログラムがカードを使用中です',
    },
  ],
  [
    0x8010000c,
    {
      error: 'ERR_PCSC_NO_CARD',
      remedy: 'insert-card',
      name: 'SCARD_E_NO_SMARTCARD',
      en: 'there is no card in the reader',
      ja: 'カードリーダーにカードがありません',
    },
  ],
  [
    0x8010000d,
    {
      error: 'ERR_PCSC_UNRESPONSIVE_CARD',
      remedy: 'reinsert-card',
      name: 'SCARD_E_UNKNOWN_CARD',
      en: 'the reader does not know this kind of card',
      ja: 'カードリーダーがこの種類のカードに対応していません',
    },
  ],
  [
    0x8010000f,
    {
      ...PROTOCOL,
      name: 'SCARD_E_PROTO_MISMATCH',
      en: 'the card speaks no protocol that was asked for',
      ja: 'カードの通信方式が合いません',
    },
  ],
  [
    0x80100010,
    {
      error: 'ERR_PCSC_UNPOWERED_CARD',
      remedy: 'reinsert-card',
      name: 'SCARD_E_NOT_READY',
      en: 'the reader or the card is not ready',
      ja: 'カードリーダーまたはカードの準備ができていません',
    },
  ],
  [
    0x80100012,
    {
      ...INTERNAL,
      name: 'SCARD_E_SYSTEM_CANCELLED',
      en: 'the system ended the call',
      ja: 'システムが処理を中断しました',
    },
  ],
  [
    0x80100013,
    noService(
      'SCARD_F_COMM_ERROR',
      'the connection to the PC/SC service broke; it was probably stopped',
      'PC/SC サービスとの通信が切れました。停止された可能性があります',
    ),
  ],
  [
    0x80100014,
    {
      ...INTERNAL,
      name: 'SCARD_F_UNKNOWN_ERROR',
      en: 'the PC/SC service failed without saying why',
      ja: 'PC/SC サービスで原因不明の障害が起きました',
    },
  ],
  [
    0x80100016,
    {
      ...COMMUNICATION,
      name: 'SCARD_E_NOT_TRANSACTED',
      en: 'the exchange with the card failed; it was probably moved or taken away',
      ja: 'カードとの通信に失敗しました。カードが動いたか、取り外された可能性があります',
    },
  ],
  [
    0x80100017,
    {
      ...NO_READER,
      name: 'SCARD_E_READER_UNAVAILABLE',
      en: 'the reader was unplugged',
      ja: 'カードリーダーが取り外されました',
    },
  ],
  [
    0x8010001d,
    noService('SCARD_E_NO_SERVICE', 'the PC/SC service is not running', 'PC/SC サービスが動作していません'),
  ],
  [
    0x8010001e,
    noService('SCARD_E_SERVICE_STOPPED', 'the PC/SC service was stopped', 'PC/SC サービスが停止しました'),
  ],
  [
    0x8010001f,
    {
      ...UNSUPPORTED,
      name: 'SCARD_E_UNSUPPORTED_FEATURE',
      en: 'the reader or its driver cannot do this',
      ja: 'カードリーダーまたはドライバーがこの機能に対応していません',
    },
  ],
  [
    0x80100022,
    {
      ...UNSUPPORTED,
      name: 'SCARD_E_UNSUPPORTED_FEATURE (Windows)',
      en: 'the reader or its driver cannot do this',
      ja: 'カードリーダーまたはドライバーがこの機能に対応していません',
    },
  ],
  [
    0x80100027,
    {
      error: 'ERR_PCSC_NO_ACCESS',
      remedy: 'none',
      name: 'SCARD_E_NO_ACCESS',
      en: 'this user may not use smart cards (on Linux a polkit rule decides it)',
      ja: 'このユーザーにはスマートカードの使用が許可されていません (Linux では polkit の設定)',
    },
  ],
  [
    0x8010002e,
    {
      ...NO_READER,
      name: 'SCARD_E_NO_READERS_AVAILABLE',
      en: 'no reader is connected',
      ja: 'カードリーダーが接続されていません',
    },
  ],
  [
    0x8010002f,
    {
      ...COMMUNICATION,
      name: 'SCARD_E_COMM_DATA_LOST',
      en: 'data from the card was lost on the way',
      ja: 'カードとの通信でデータが失われました',
    },
  ],
  [
    0x80100065,
    {
      error: 'ERR_PCSC_UNRESPONSIVE_CARD',
      remedy: 'reinsert-card',
      name: 'SCARD_W_UNSUPPORTED_CARD',
      en: 'the reader cannot work with this card',
      ja: 'カードリーダーがこのカードに対応していません',
    },
  ],
  [
    0x80100066,
    {
      error: 'ERR_PCSC_UNRESPONSIVE_CARD',
      remedy: 'reinsert-card',
      name: 'SCARD_W_UNRESPONSIVE_CARD',
      en: 'the card does not answer; it may lie the wrong way round',
      ja: 'カードが応答しません。向きや位置を確かめてください',
    },
  ],
  [
    0x80100067,
    {
      error: 'ERR_PCSC_UNPOWERED_CARD',
      remedy: 'reinsert-card',
      name: 'SCARD_W_UNPOWERED_CARD',
      en: 'the card has no power',
      ja: 'カードに電源が供給されていません',
    },
  ],
  [
    0x80100068,
    {
      error: 'reset',
      remedy: 'retry',
      name: 'SCARD_W_RESET_CARD',
      en: 'another program reset the card',
      ja: 'ほかのプログラムがカードをリセットしました',
    },
  ],
  [
    0x80100069,
    {
      error: 'removed',
      remedy: 'reinsert-card',
      name: 'SCARD_W_REMOVED_CARD',
      en: 'the card was removed',
      ja: 'カードが取り外されました',
    },
  ],
  [
    0x8010006a,
    {
      error: 'ERR_PCSC_NO_ACCESS',
      remedy: 'none',
      name: 'SCARD_W_SECURITY_VIOLATION',
      en: 'the PC/SC service refused access to this user',
      ja: 'PC/SC サービスがこのユーザーのアクセスを拒否しました',
    },
  ],
]);
