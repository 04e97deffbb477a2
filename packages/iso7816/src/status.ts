/** SW1 and SW2 as one 16-bit number, 0x0000 to 0xFFFF. */
export type StatusWord = number;

/** The status words this library acts on, by their meaning in ISO/IEC 7816-4:2020, 5.6 (and JICSAP v1.1, table 25). */
export const Sw = {
  OK: 0x9000,
  END_OF_FILE: 0x6282,
  VERIFICATION_FAILED: 0x6300,
  WRONG_LENGTH: 0x6700,
  LOGICAL_CHANNEL_NOT_SUPPORTED: 0x6881,
  SECURE_MESSAGING_NOT_SUPPORTED: 0x6882,
  INCOMPATIBLE_FILE: 0x6981,
  SECURITY_STATUS_NOT_SATISFIED: 0x6982,
  AUTHENTICATION_METHOD_BLOCKED: 0x6983,
  REFERENCE_DATA_NOT_USABLE: 0x6984,
  CONDITIONS_NOT_SATISFIED: 0x6985,
  NO_CURRENT_EF: 0x6986,
  FUNCTION_NOT_SUPPORTED: 0x6a81,
  FILE_NOT_FOUND: 0x6a82,
  RECORD_NOT_FOUND: 0x6a83,
  INCORRECT_P1_P2: 0x6a86,
  REFERENCED_DATA_NOT_FOUND: 0x6a88,
  OFFSET_OUTSIDE_FILE: 0x6b00,
  INS_NOT_SUPPORTED: 0x6d00,
  CLA_NOT_SUPPORTED: 0x6e00,
  NO_PRECISE_DIAGNOSIS: 0x6f00,
} as const;

/**
 * What sort of answer a status word is. `more-data` is 61xx, `wrong-le` is 6Cxx; `invalid` is no status word at all.
 */
export type StatusWordKind =
  | 'success'
  | 'more-data'
  | 'warning'
  | 'wrong-le'
  | 'error'
  | 'proprietary'
  | 'invalid';

/** A status word in words, English and Japanese. */
export interface StatusWordMeaning {
  readonly kind: StatusWordKind;
  readonly en: string;
  readonly ja: string;
}

type Entry = readonly [StatusWordKind, en: string, ja: string];

/** Exact status words: ISO/IEC 7816-4:2020, table 6; 66F1 and 69FC as measured on the card (card-protocol.md 1.3). */
const EXACT: ReadonlyMap<StatusWord, Entry> = new Map<StatusWord, Entry>([
  [0x9000, ['success', 'success', '正常終了']],
  [0x6200, ['warning', 'warning, memory unchanged', '警告（メモリの変化なし）']],
  [0x6281, ['warning', 'part of the returned data may be corrupted', '出力データに異常がある可能性']],
  [0x6282, ['warning', 'end of file reached before Ne bytes', 'Leより前にファイルの終わりに達した']],
  [0x6283, ['warning', 'selected file deactivated', '選択したファイルは無効化されている']],
  [0x6300, ['warning', 'verification failed, tries left not told', '照合不一致（残り回数の通知なし）']],
  [0x6381, ['warning', 'file filled up by the last write', '書き込みでファイルが一杯になった']],
  [0x6400, ['error', 'execution error, memory unchanged', '実行エラー（メモリの変化なし）']],
  [0x6401, ['error', 'immediate response required by the card', 'カードが即時応答を要求']],
  [0x6500, ['error', 'execution error, memory changed', '実行エラー（メモリの変化あり）']],
  [0x6581, ['error', 'memory failure', 'メモリ書き込み失敗']],
  [
    0x66f1,
    [
      'error',
      'security environment faulty: no key delivery configured',
      'セキュリティ環境の異常（鍵配送の設定なし）',
    ],
  ],
  [0x6700, ['error', 'wrong length (Lc or Le)', 'Lc/Leの長さの誤り']],
  [0x6881, ['error', 'logical channel not supported', '論理チャネル非対応']],
  [0x6882, ['error', 'secure messaging not supported', 'セキュアメッセージング非対応']],
  [0x6883, ['error', 'last command of the chain expected', 'チェーンの最後のコマンドが必要']],
  [0x6884, ['error', 'command chaining not supported', 'コマンドチェーン非対応']],
  [0x6981, ['error', 'command incompatible with the file structure', 'ファイル構造と矛盾したコマンド']],
  [
    0x6982,
    [
      'error',
      'security status not satisfied (PIN needed)',
      'セキュリティステータスを満たさない（暗証番号が必要）',
    ],
  ],
  [0x6983, ['error', 'authentication method blocked', '認証方法がロックされている']],
  [0x6984, ['error', 'reference data not usable (PIN blocked)', '参照された暗証番号・鍵がロックされている']],
  [0x6985, ['error', 'conditions of use not satisfied', 'コマンドの使用条件を満たさない']],
  [0x6986, ['error', 'command not allowed, no current EF', 'カレントEFがない']],
  [0x6987, ['error', 'secure messaging object missing', 'SMデータオブジェクトがない']],
  [0x6988, ['error', 'secure messaging object incorrect', 'SMデータオブジェクトの誤り']],
  [0x69fc, ['error', 'no secure messaging session', 'セキュアメッセージングのセッションがない']],
  [0x6a80, ['error', 'incorrect parameters in the data field', 'データフィールドのパラメータの誤り']],
  [0x6a81, ['error', 'function not supported', '機能が提供されていない']],
  [0x6a82, ['error', 'file or application not found', 'ファイルまたはアプリケーションがない']],
  [0x6a83, ['error', 'record not found', 'レコードがない']],
  [0x6a84, ['error', 'not enough memory in the file', 'ファイル内の空き容量不足']],
  [0x6a85, ['error', 'Lc inconsistent with the TLV structure', 'LcがTLV構造と矛盾']],
  [0x6a86, ['error', 'incorrect P1-P2', 'P1-P2の値の誤り']],
  [0x6a87, ['error', 'Lc inconsistent with P1-P2', 'LcがP1-P2と矛盾']],
  [0x6a88, ['error', 'referenced data or key not found', '参照されたデータ・鍵がない']],
  [0x6a89, ['error', 'file already exists', 'ファイルが既に存在']],
  [0x6a8a, ['error', 'DF name already exists', 'DF名が既に存在']],
  [0x6b00, ['error', 'wrong P1-P2 (offset outside the file)', 'オフセットがファイルの範囲外']],
  [0x6d00, ['error', 'instruction not supported', 'INSが提供されていない']],
  [0x6e00, ['error', 'class not supported', 'CLAが提供されていない']],
  [0x6f00, ['error', 'no precise diagnosis', '自己診断異常']],
]);

/** What each SW1 says of the words that {@link EXACT} does not name (ISO/IEC 7816-4:2020, table 5). */
const BY_SW1: ReadonlyMap<number, Entry> = new Map<number, Entry>([
  [0x62, ['warning', 'warning, memory unchanged', '警告（メモリの変化なし）']],
  [0x63, ['warning', 'warning, memory changed', '警告（メモリの変化あり）']],
  [0x64, ['error', 'execution error, memory unchanged', '実行エラー（メモリの変化なし）']],
  [0x65, ['error', 'execution error, memory changed', '実行エラー（メモリの変化あり）']],
  [0x66, ['error', 'security-related error', 'セキュリティ関連のエラー']],
  [0x67, ['error', 'wrong length', '長さの誤り']],
  [0x68, ['error', 'function in CLA not supported', 'CLAの機能が非対応']],
  [0x69, ['error', 'command not allowed', 'コマンドが許可されていない']],
  [0x6a, ['error', 'wrong parameters P1-P2', 'P1-P2の誤り']],
  [0x6b, ['error', 'wrong parameters P1-P2', 'P1-P2の誤り']],
  [0x6d, ['error', 'instruction not supported', 'INSが提供されていない']],
  [0x6e, ['error', 'class not supported', 'CLAが提供されていない']],
  [0x6f, ['error', 'no precise diagnosis', '自己診断異常']],
]);

/** The meaning of any of the 65,536 status words; 60XX and words outside 6XXX and 9XXX are `invalid` (ISO/IEC 7816-3). */
export function describeStatusWord(sw: StatusWord): StatusWordMeaning {
  const sw1 = (sw >> 8) & 0xff;
  const sw2 = sw & 0xff;
  const exact = EXACT.get(sw);
  if (exact !== undefined) return meaning(exact);
  const tries = triesLeftFrom(sw);
  if (tries !== undefined) {
    return meaning([
      'warning',
      `verification failed, ${tries} ${tries === 1 ? 'try' : 'tries'} left`,
      `照合不一致（残り${tries}回）`,
    ]);
  }
  if (sw1 === 0x61)
    return meaning(['more-data', `${sw2 || 256} more bytes to fetch`, `残り${sw2 || 256}バイトあり`]);
  if (sw1 === 0x6c)
    return meaning(['wrong-le', `wrong Le, ${sw2 || 256} is right`, `Leの誤り（正しくは${sw2 || 256}）`]);
  const general = BY_SW1.get(sw1);
  if (general !== undefined) return meaning(general);
  const proprietary = sw1 >> 4 === 0x9 || (sw1 >> 4 === 0x6 && sw1 !== 0x60);
  return proprietary
    ? meaning(['proprietary', 'proprietary status word', '独自のステータスワード'])
    : meaning(['invalid', 'not a status word of ISO/IEC 7816-3', 'ISO/IEC 7816-3のステータスワードではない']);
}

function meaning([kind, en, ja]: Entry): StatusWordMeaning {
  return { kind, en, ja };
}

/**
 * The tries left that a status word tells: 0 to 15 for 63C0 to 63CF, and `undefined` for **every** other word.
 * Reading the low digit of any failing word as a counter is a known way to burn a try (OpenSC's JPKI driver does).
 */
export function triesLeftFrom(sw: StatusWord): number | undefined {
  return (sw & 0xfff0) === 0x63c0 ? sw & 0xf : undefined;
}
