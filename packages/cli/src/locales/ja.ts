import { grouped } from './grouped.ts';
import { jaHelp } from './ja-help.ts';
import type { Messages } from './texts.ts';

/** 日本語. */
export const ja: Messages = {
  language: 'ja',
  help: jaHelp,
  card: {
    kinds: {
      'individual-number-card': 'マイナンバーカード (個人番号カード)',
      'phone-android': 'スマートフォン用電子証明書 (Android)',
      'phone-iphone': 'スマートフォン用電子証明書 (iPhone)',
      'juki-card': '住民基本台帳カード (住基カード)',
      unknown: '不明なカード',
    },
    pins: {
      sign: '署名用パスワード',
      auth: '利用者証明用暗証番号',
      text: '券面事項入力補助用暗証番号',
      resident: '住民基本台帳用暗証番号',
    },
    labels: {
      reader: 'リーダー',
      card: 'カード',
      token: 'トークン',
      applications: 'アプリケーション',
      certificates: '電子証明書',
      validity: '利用者証明用電子証明書',
      renewableFrom: '更新可能日',
      subject: '主体者',
      issuer: '発行者',
      serial: '発行番号',
      fingerprint: 'SHA-256',
      pins: '暗証番号',
      period: '有効期間',
    },
    certificates: { sign: '署名用電子証明書', auth: '利用者証明用電子証明書' },
    applications: {
      jpki: '公的個人認証AP',
      text: '券面事項入力補助AP',
      visual: '券面事項確認AP',
      resident: '住基AP',
      common: '共通AP',
    },
    present: 'あり',
    absent: 'なし',
    noCard: 'カードなし',
    noReaders: 'カードリーダーがつながっていません。',
    readerGone: '取り外されました',
    triesOf: (left, max) => `残り ${left} 回 (最大 ${max} 回)`,
    blocked: 'ロック中',
    unknownTries: 'この版では読み取りません',
    daysLeft: (days) => `残り ${days} 日`,
    expired: '有効期限切れ',
  },
  sign: {
    reader: (name) => `カード:   ${name}`,
    file: (path, bytes) => `ファイル: ${path} (${grouped(bytes)} バイト)`,
    sha256: (hex) => `SHA-256:  ${hex}`,
    triesLeft: (pin, left, max) => `${pin}の残り試行回数: ${left} 回 (最大 ${max} 回)`,
    fewTries: (left) => `注意: あと ${left} 回間違えるとロックされます。`,
    attributesVisible: '署名を受け取った人は、あなたの氏名・住所・生年月日・性別を読み取れます。',
    askPin: (pin, hint) => `${pin} (${hint}): `,
    pinHints: { digits: '数字4桁', 'upper-alphanumeric': '英数字6〜16桁' },
    upperCased: 'パスワードの英小文字は、カードの仕様に合わせて大文字で送りました。',
    personaPin: (persona, pin) => `仮想カード「${persona}」の公開されている${pin}を使います。`,
    lastTryQuestion: (pin, word) =>
      `${pin}の残りは 1 回です。間違えるとロックされます。続けるには「${word}」と入力してください: `,
    written: (path) => `署名しました: ${path}`,
    lockLost: '署名の直後にカードが抜かれました。署名は完成しています (カードは抜くとロックされます)。',
    verifyHint: (command) => `確かめる:  ${command}`,
  },
  simulator: {
    serving: (persona, address) =>
      `${address} のリーダーに仮想カード「${persona}」を入れました。Ctrl-C で終わります。`,
    waiting: (address) => `${address} のリーダーが見つかりません。待っています。`,
    pkiWritten: (path) => `書き出しました: ${path}`,
  },
};
