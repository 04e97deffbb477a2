import type { TraceTexts } from './trace-texts.ts';

/** 日本語: traces. */
export const jaTrace: TraceTexts = {
  written: {
    person: (path) =>
      `トレース: ${path}。暗証番号・個人情報・電子証明書は入っていません。人に送る前に \`jpki trace show\` で確認してください。`,
    invented: (path) => `トレース: ${path}。暗証番号は入っていません。カードの持ち主は架空の人物です。`,
    synthesized: (path) =>
      `トレース: ${path}。暗証番号・あなたの個人情報・電子証明書は入っていません。入っているのは仮想カードのものです。`,
  },
  incomplete: (path, reason) =>
    `トレース ${path} は途中で切れています (${reason})。コマンドの結果には影響ありません。`,
  mismatch: (line, recorded, sent) => `${line} 行目: 記録は ${recorded}、送られたのは ${sent} です`,
  otherData: (line, step) => `${line} 行目: ${step} の内容か長さが、記録と違います`,
  ended: (line) => `${line} 行目で終わっていますが、コマンドはその先を送りました`,
  leftOver: (line, commands, first) =>
    `${line} 行目 (${first}) 以降、記録された ${commands} 個のコマンドが送られませんでした`,
  redacted: (line, step) => `${line} 行目: ${step} への応答は記録から省かれています`,
  replayed: (sent, skipped) => `${sent} 個のコマンドを送り、${skipped} 個を省きました`,
  skipped: (line, step, reason) => `省略${line === undefined ? '' : ` ${line} 行目`}: ${step} (${reason})`,
  skipReasons: {
    secret: '暗証番号、または記録から省かれた内容を含む',
    signature: 'カードの鍵を使う',
    unknown: '読み取り以外のことをする',
    dependent: '省いた暗証番号が必要',
  },
  fileWritten: (path) => `書き出しました: ${path}`,
};
