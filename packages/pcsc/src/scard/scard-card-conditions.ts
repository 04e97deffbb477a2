import { type ConditionEntry, condition } from './scard-condition.ts';
import {
  COMMUNICATION,
  NO_CARD,
  NO_READER,
  PROTOCOL,
  READER_GONE,
  REFUSED,
  REMOVED,
  RESET,
  UNPOWERED,
  UNRESPONSIVE,
  UNSUPPORTED,
} from './scard-condition-kinds.ts';

/** What the PC/SC service says about a reader and the card in it. */
export const cardConditions: readonly ConditionEntry[] = [
  condition(0x80100008, 'SCARD_E_INSUFFICIENT_BUFFER', PROTOCOL, {
    en: 'the answer was longer than the service can pass on',
    ja: '応答がサービスの扱える長さを超えました',
  }),
  condition(0x80100009, 'SCARD_E_UNKNOWN_READER', NO_READER, {
    en: 'there is no reader of this name',
    ja: 'この名前のカードリーダーはありません',
  }),
  condition(0x8010000c, 'SCARD_E_NO_SMARTCARD', NO_CARD, {
    en: 'there is no card in the reader',
    ja: 'カードリーダーにカードがありません',
  }),
  condition(0x8010000d, 'SCARD_E_UNKNOWN_CARD', UNRESPONSIVE, {
    en: 'the reader does not know this kind of card',
    ja: 'カードリーダーがこの種類のカードに対応していません',
  }),
  condition(0x8010000e, 'SCARD_E_CANT_DISPOSE', REFUSED, {
    en: 'the reader cannot eject or switch off the card as asked',
    ja: 'カードリーダーが指定どおりにカードを排出または電源オフできません',
  }),
  condition(0x8010000f, 'SCARD_E_PROTO_MISMATCH', PROTOCOL, {
    en: 'the card speaks no protocol that was asked for',
    ja: 'カードの通信方式が合いません',
  }),
  condition(0x80100010, 'SCARD_E_NOT_READY', UNPOWERED, {
    en: 'the reader or the card is not ready',
    ja: 'カードリーダーまたはカードの準備ができていません',
  }),
  condition(0x80100015, 'SCARD_E_INVALID_ATR', UNRESPONSIVE, {
    en: 'the card answered to its reset with something that is no ATR',
    ja: 'カードのリセット応答 (ATR) が正しくありません',
  }),
  condition(0x80100016, 'SCARD_E_NOT_TRANSACTED', COMMUNICATION, {
    en: 'the exchange with the card failed; it was probably moved or taken away',
    ja: 'カードとの通信に失敗しました。カードが動いたか、取り外された可能性があります',
  }),
  condition(0x80100017, 'SCARD_E_READER_UNAVAILABLE', READER_GONE, {
    en: 'the reader was unplugged',
    ja: 'カードリーダーが取り外されました',
  }),
  condition(0x80100019, 'SCARD_E_PCI_TOO_SMALL', PROTOCOL, {
    en: 'the reader was called with protocol data that is too short',
    ja: 'カードリーダーに渡した通信方式の情報が短すぎます',
  }),
  condition(0x8010001a, 'SCARD_E_READER_UNSUPPORTED', UNSUPPORTED, {
    en: 'the driver of the reader does not do what PC/SC asks of it',
    ja: 'カードリーダーのドライバーが PC/SC の要件を満たしていません',
  }),
  condition(0x8010001b, 'SCARD_E_DUPLICATE_READER', UNSUPPORTED, {
    en: 'the driver gave two readers the same name',
    ja: 'ドライバーが複数のカードリーダーに同じ名前を付けました',
  }),
  condition(0x8010001c, 'SCARD_E_CARD_UNSUPPORTED', UNRESPONSIVE, {
    en: 'the card does not do what PC/SC asks of it',
    ja: 'カードが PC/SC の要件を満たしていません',
  }),
  condition(0x8010002e, 'SCARD_E_NO_READERS_AVAILABLE', NO_READER, {
    en: 'no reader is connected',
    ja: 'カードリーダーが接続されていません',
  }),
  condition(0x8010002f, 'SCARD_E_COMM_DATA_LOST', COMMUNICATION, {
    en: 'data from the card was lost on the way',
    ja: 'カードとの通信でデータが失われました',
  }),
  condition(0x80100065, 'SCARD_W_UNSUPPORTED_CARD', UNRESPONSIVE, {
    en: 'the reader cannot work with this card',
    ja: 'カードリーダーがこのカードに対応していません',
  }),
  condition(0x80100066, 'SCARD_W_UNRESPONSIVE_CARD', UNRESPONSIVE, {
    en: 'the card does not answer; it may lie the wrong way round',
    ja: 'カードが応答しません。向きや位置を確かめてください',
  }),
  condition(
    0x80100067,
    'SCARD_W_UNPOWERED_CARD',
    { ...UNPOWERED, safeToRetry: false },
    {
      en: 'the card has no power',
      ja: 'カードに電源が供給されていません',
    },
  ),
  condition(0x80100068, 'SCARD_W_RESET_CARD', RESET, {
    en: 'another program reset the card',
    ja: 'ほかのプログラムがカードをリセットしました',
  }),
  condition(0x80100069, 'SCARD_W_REMOVED_CARD', REMOVED, {
    en: 'the card was removed',
    ja: 'カードが取り外されました',
  }),
];
