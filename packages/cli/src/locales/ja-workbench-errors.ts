import type { ErrorText, Facts } from './texts.ts';

/** What an entry cost that came to nothing. */
const spared = ({ triesLeft }: Facts) =>
  triesLeft === undefined
    ? 'リーダーによると、カードには何も送られていません'
    : `試行回数は減っていません (残り ${triesLeft} 回)`;

/** 日本語: errors of raw commands, of choosing a card by its identity, and of PIN pads. */
export const jaWorkbenchErrors: Readonly<Record<string, ErrorText>> = {
  ERR_APDU_LINE: {
    message: ({ subject, reason }) => `${subject}: ${reason}`,
    advice: '何も送っていません。APDU の書き方は `jpki apdu --help` で確認できます。',
  },
  ERR_APDU_PIN_COMMAND: {
    message: ({ subject }) => `${subject}: 暗証番号を含み得るコマンドのため、送りませんでした`,
    advice:
      '暗証番号を続けて間違えるとロックされ、市区町村窓口での初期化が必要になります。それでも送るときは --allow-pin-commands を付けてください。',
  },
  ERR_APDU_PIN_ARGUMENT: {
    message: ({ subject }) =>
      `${subject}: 暗証番号は引数に書けません。引数はこのコンピューターの全員に見えてしまいます`,
    advice: '何も送っていません。プロンプト、--file、または標準入力で渡してください。',
  },
  ERR_APDU_UNEXPECTED: {
    message: ({ subject, reason }) => `${subject}: ${reason}`,
    advice: 'これより後のコマンドは送っていません。',
  },
  ERR_PIN_PAD_REFUSED: {
    message: 'この暗証番号はリーダーのテンキーでは入力できません。キーボードで入力してください',
    advice: 'リーダーのテンキーで入力できるのは数字 4 桁の暗証番号だけです。何も送っていません。',
  },
  ERR_PIN_PAD_ABSENT: {
    message: ({ subject }) => `このリーダーには、プログラムから使えるテンキーがありません: ${subject}`,
    advice: '--pin-pad を付けずに実行し、キーボードで入力してください。何も送っていません。',
  },
  ERR_PIN_PAD_CANCELLED: {
    message: (facts) => `リーダーのテンキーで入力が取り消されました。${spared(facts)}`,
  },
  ERR_PIN_PAD_TIMEOUT: {
    message: (facts) => `リーダーのテンキーで時間内に入力がありませんでした。${spared(facts)}`,
  },
  ERR_PIN_PAD_LENGTH: {
    message: (facts) => `リーダーのテンキーで入力された暗証番号の桁数が正しくありません。${spared(facts)}`,
  },
  ERR_PIN_PAD_MISMATCH: {
    message: 'リーダーのテンキーで入力した 2 回の新しい暗証番号が違います',
  },
  ERR_CARD_NOT_FOUND: {
    message: ({ subject, reason }) =>
      `カード ${subject} がどのリーダーにもありません${reason ? ` (調べられなかったリーダー: ${reason})` : ''}`,
    advice: 'そのカードを入れてください。カードの番号は `jpki status` で確認できます。',
  },
  ERR_CARD_AMBIGUOUS: {
    message: ({ subject }) => `${subject}… に当てはまるカードが複数あります`,
    advice: '桁を増やしてください。全桁は `jpki status --json` の cardId で確認できます。',
  },
};
