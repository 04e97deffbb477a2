import type { ApduTexts } from './apdu-texts.ts';
import { grouped } from './grouped.ts';

/** 日本語: `jpki apdu`. */
export const jaApdu: ApduTexts = {
  line: (number) => `${number} 行目`,
  argument: (number) => `${number} 番目の引数`,
  isTrace: 'これはトレースです。無害なコマンドだけを送るには `jpki trace replay` を使ってください',
  unquoted: 'コマンドは 4 バイト以上です。空白を含む APDU は引用符で囲んでください',
  mistakes: {
    'not-hex': '偶数桁の 16 進数ではなく、使える語でもありません',
    'too-short': 'コマンドは 4 バイト以上です',
    'too-long': 'コマンドとして長すぎます',
    expectation: '「=>」の後にはステータスワードを書きます: 9000、63Cx、61xx|9000',
    selection: 'select の後には jpki、text、visual、resident、common、AID、ファイル識別子を書きます',
  },
  unexpected: (word, expected) => `${word}。期待した値は ${expected} です`,
  nothingToSend: 'APDU を引数、--file、または標準入力で指定してください',
  triesLeft: (triesLeft) => `残り ${triesLeft} 回`,
  bytes: (length) => `${grouped(length)} バイト`,
  welcome: (reader, isShared) => [
    `カード: ${reader}。${isShared ? 'コマンドとコマンドの間に、ほかのプログラムもこのカードを使えます。' : '終わるまで、ほかのプログラムはこのカードを使えません。'}`,
    'APDU を 16 進数で入力してください。help で説明、quit で終了します。',
  ],
  help: [
    '00A4040C0A…             このバイト列をそのまま 1 回だけ送る',
    '00B0000004 => 9000      同じ。別のステータスワードなら知らせる (63Cx、61xx|9000 とも書ける)',
    'select jpki             ほかに text、visual、resident、common、AID、ファイル (select 000A)',
    'atr · reset             ATR を表示する · 電源を入れ直す',
    'help · quit             この説明 · 終わる (Ctrl-D)',
    '# …                     注釈。スクリプトでは行末の \\ で次の行に続けられる',
    '暗証番号を含むコマンドは --allow-pin-commands がなければ送りません。その行は履歴に残りません。',
  ],
  interruptHint: '(もう一度 Ctrl-C で終わります)',
};
