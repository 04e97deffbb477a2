import type { ErrorText } from './texts.ts';

/** 日本語: errors of traces. */
export const jaTraceErrors: Readonly<Record<string, ErrorText>> = {
  ERR_TRACE_FORMAT: {
    message: ({ subject, reason, detail }) =>
      `${subject || 'これ'} はトレースではありません: ${reason || detail}`,
    advice:
      'トレースは --trace で記録したファイルです。`jpki trace show` と `trace import` は OpenSC・pcscd・apdu4j・pcsc-spy のログも読めます。',
  },
  ERR_TRACE_IMPORT: {
    message: ({ subject, reason, detail }) => `${subject || 'ログ'} を読めません: ${reason || detail}`,
    advice: '--trace で記録したファイルと、OpenSC・pcscd --apdu・apdu4j・pcsc-spy のログを読めます。',
  },
  ERR_TRACE_MISMATCH: {
    message: ({ subject, reason, detail }) =>
      `記録されたコマンドと違う動作をしました: ${subject && `${subject} `}${reason || detail}`,
    advice: '記録したときと同じコマンドを、同じオプション・同じ文書・同じ桁数の暗証番号で実行してください。',
  },
  ERR_TRACE_ENDED: {
    message: ({ subject, reason, detail }) =>
      `トレースはコマンドの動作より短いです: ${subject && `${subject} `}${reason || detail}`,
    advice: '記録したときと同じコマンド (トレースの表題) を実行するか、記録し直してください。',
  },
  ERR_TRACE_LEFT_OVER: {
    message: ({ subject, reason, detail }) =>
      `記録されたことの一部を行いませんでした: ${subject && `${subject} `}${reason || detail}`,
    advice: '記録したときと同じコマンド (トレースの表題) を実行してください。',
  },
  ERR_TRACE_REDACTED: {
    message: ({ subject, reason, detail }) =>
      `トレースにはこの応答がありません: ${subject && `${subject} `}${reason || detail}`,
    advice: '--synthesize を付けて記録すると、仮想カードの情報が入り、再生できます。',
  },
  ERR_TRACE_CLOSED: { message: '再生したカードは、もう閉じられています' },
  ERR_LOG_NO_RESPONSE: { message: 'トレースの元になったログに、このコマンドへの応答がありません' },
  ERR_TRACE_LINK_FAILED: { message: '記録したときに、カードとの通信が失敗しています' },
};
