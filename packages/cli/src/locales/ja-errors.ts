import { jaTraceErrors } from './ja-trace-errors.ts';
import { jaWorkbenchErrors } from './ja-workbench-errors.ts';
import { digitsOf } from './secret-length.ts';
import type { ErrorTexts } from './texts.ts';

const COUNTER = '住民票のある市区町村窓口で、カードと本人確認書類を持参して初期化 (再設定) してください。';
const COUNTER_OR_KIOSK =
  '市区町村窓口で初期化できます。もう一方の電子証明書の暗証番号が分かるときは、スマートフォンのアプリとコンビニ等のキオスク端末でも初期化できます。';

const WHICH_PIN = { old: '元の番号', new: '新しい番号', 'old-or-new': '元か新しい番号' } as const;

/** 日本語: errors by code, and general advice by remedy. */
export const jaErrors: ErrorTexts = {
  byCode: {
    ERR_USAGE: { message: ({ subject, reason }) => reason || `指定が正しくありません: ${subject}` },
    ERR_PIN_OPTION: {
      message: '--pin はありません。引数はこのコンピューターの全員に見えてしまいます',
      advice: '尋ねられたときに入力するか、--pin-fd N または --pin-stdin で渡してください。',
    },
    ERR_NOT_IN_THIS_VERSION: {
      message: ({ subject }) => `${subject}: この版にはまだありません (not in this version)`,
      advice: ({ reason }) =>
        `${reason && `--format cades を付けると、この版でも ${reason} に署名できます。`}今後の版で対応する予定です。何も尋ねず、カードには何も送っていません。`,
    },
    ERR_PIN_NEEDED: {
      message: '暗証番号が必要ですが、入力を求められる端末がありません',
      advice:
        '端末で --no-input を付けずに実行するか、--pin-fd N または --pin-stdin (新しい暗証番号は --new-pin-fd N) で渡してください。',
    },
    ERR_PIN_SOURCE: {
      message: ({ reason }) => `暗証番号を読み取れません: ${reason}`,
      advice: 'ファイル記述子をファイルやプログラムにつないでください: jpki ... --pin-fd 3 3< ファイル',
    },
    ERR_PIN_FORMAT: {
      message: ({ pin, reason }) => `${pin}の形式ではありません: ${reason}`,
      advice: ({ reference }) =>
        `${reference === 'sign' ? '半角の英数字 6〜16 桁' : `半角の数字 ${digitsOf(reference)} 桁`}です。カードには何も送らず、試行回数も減っていません。`,
    },
    ERR_PIN_INCORRECT: {
      message: ({ pin, triesLeft }) =>
        `${pin}が違います${triesLeft === undefined ? '' : `。残り ${triesLeft} 回です`}`,
      advice:
        'どの暗証番号が求められているかを確かめてから、次を入力してください。正しく入力すると回数は元に戻ります。',
    },
    ERR_PIN_BLOCKED: {
      message: ({ pin }) => `${pin}はロックされています`,
      advice: ({ reference }) => (reference === 'sign' || reference === 'auth' ? COUNTER_OR_KIOSK : COUNTER),
    },
    ERR_PIN_LAST_TRY: {
      message: ({ pin, triesLeft }) =>
        `${pin}の残りは ${triesLeft ?? 1} 回です。最後の 1 回は使いませんでした`,
      advice: ({ triesLeft }) =>
        `確実に正しいときだけ --allow-last-try ${triesLeft ?? 1} を付けて実行してください。間違えるとロックされ、市区町村窓口での初期化が必要になります。`,
    },
    ERR_PIN_REQUIRED: { message: ({ pin }) => `先に${pin || '暗証番号'}の照合が必要です` },
    ERR_PIN_OUTCOME_UNKNOWN: {
      message: ({ triesLeft }) =>
        `暗証番号に対するカードの応答が失われました。試行回数が 1 回減った可能性があります${triesLeft === undefined ? '' : ` (現在の残り ${triesLeft} 回)`}`,
      advice:
        'カードを入れ直し、次の入力の前に `jpki pin status` で残り回数を確かめてください。自動で送り直すことはしません。',
    },
    ERR_PIN_COUNTER_IMPLAUSIBLE: {
      message: 'カードがあり得ない残り回数を答えたため、暗証番号を送りませんでした',
    },
    ERR_APPLICATION_NOT_FOUND: {
      message: 'マイナンバーカードではありません',
      advice: 'マイナンバーカードを入れるか、--card pcsc:文字列 でリーダーを指定してください。',
    },
    ERR_CARD_KIND: {
      message: ({ subject }) =>
        ({
          'juki-card': 'これは住民基本台帳カード (住基カード) です。現在の公的個人認証には使えません',
          'phone-iphone': 'これは iPhone の電子証明書です。この版では使えません',
        })[subject] ?? 'これはスマートフォン用電子証明書です。カードの券面の情報は入っていません',
      advice: 'マイナンバーカードをお使いください。',
    },
    ERR_CERTIFICATE_ABSENT: {
      message: 'このカードにその電子証明書は入っていません',
      advice:
        '電子証明書の発行・更新は市区町村窓口で行います。15 歳未満の方には、原則として署名用電子証明書は発行されません。',
    },
    ERR_CERTIFICATE_FORMAT: { message: ({ detail }) => `電子証明書を読み取れません: ${detail}` },
    ERR_CMS_FORMAT: { message: ({ detail }) => `CMS 署名ではありません: ${detail}` },
    ERR_DER: { message: ({ detail }) => `DER ではありません: ${detail}` },
    ERR_SIGNATURE_MISMATCH: {
      message: '署名と電子証明書が対応しません。何も書き出していません',
      advice: 'もう一度お試しください。繰り返すときは、カードかリーダーの故障です。',
    },
    ERR_CARD_DATA_INVALID: { message: ({ detail }) => `カードのデータが不正です: ${detail}` },
    ERR_CARD_SIGNATURE_INVALID: {
      message: 'カードの署名と電子証明書が対応しません。何も書き出していません',
      advice: 'カードを入れ直してお試しください。繰り返すときは、カードかリーダーの故障です。',
    },
    ERR_CARD_STATUS_WORD: { message: ({ detail }) => `カードがエラーを返しました: ${detail}` },
    ERR_CARD_MALFORMED_RESPONSE: { message: ({ detail }) => `カードの応答が不正です: ${detail}` },
    ERR_CARD_LIMIT: { message: ({ detail }) => `カードの応答が終わりません: ${detail}` },
    ERR_CARD_REMOVED: { message: 'カードが抜かれたか、応答しなくなりました' },
    ERR_CARD_RESET: { message: '別のプログラムがカードをリセットしました' },
    ERR_APDU_FORMAT: { message: ({ detail }) => `APDU の形式が不正です: ${detail}` },
    ERR_TLV_FORMAT: { message: ({ detail }) => `カードのデータが不正です: ${detail}` },
    ERR_TIMEOUT: { message: '--timeout の時間を超えました' },
    ERR_FILE_READ: {
      message: ({ subject, reason }) => `${subject} を読み取れません${reason && `: ${reason}`}`,
    },
    ERR_FILE_WRITE: {
      message: ({ subject, reason }) => `${subject} に書き込めません${reason && `: ${reason}`}`,
    },
    ERR_FILE_EXISTS: {
      message: ({ subject }) => `${subject} は既にあるため、そのままにしました`,
      advice: '別の名前を指定するか、--force を付けて置き換えてください。',
    },
    ERR_FILE_IS_DOCUMENT: {
      message: ({ subject }) => `出力先が署名する文書 ${subject} そのものです。何も書き出していません`,
      advice: '-o で別の名前を指定してください。',
    },
    ERR_FILE_CHANGED: {
      message: ({ subject }) => `署名の途中で ${subject} が書き換えられました。何も書き出していません`,
      advice: 'ほかのプログラムが書き込まない状態で、もう一度署名してください。',
    },
    ERR_FILE_FORMAT: {
      message: ({ subject, reason }) => `${subject} の内容が想定と違います${reason && `: ${reason}`}`,
    },
    ERR_INTERRUPTED: { message: '中断しました' },
    ERR_INTERNAL: { message: ({ detail }) => `プログラムの内部エラーです: ${detail}` },
    ERR_PCSC_BINDING_MISSING: {
      message: 'PC/SC 用のドライバー (ネイティブアドオン) が入っていません',
      advice:
        'README の手順で入れてください (コンパイラーと libpcsclite-dev が必要です)。仮想カードなら --card sim: で試せます。',
    },
    ERR_PCSC_NO_SERVICE: {
      message: 'PC/SC サービスが動いていません',
      advice: '起動してください (Debian: systemctl start pcscd)。仮想カードなら --card sim: で試せます。',
    },
    ERR_PCSC_NO_READER: {
      message: ({ subject }) =>
        subject ? `名前に「${subject}」を含むリーダーがありません` : 'カードリーダーがつながっていません',
      advice: '`jpki readers` で一覧できます。仮想カードなら --card sim: で試せます。',
    },
    ERR_PCSC_NO_CARD: { message: 'リーダーにカードがありません' },
    ERR_PCSC_SHARING_VIOLATION: {
      message: '別のプログラムがカードを使っています',
      advice: 'そのプログラム (ブラウザーや利用者クライアントソフトなど) を閉じて、もう一度お試しください。',
    },
    ERR_PCSC_TIMEOUT: { message: 'カード、リーダー、PC/SC サービスのいずれかの応答に時間がかかりすぎました' },
    ERR_PCSC_PROTOCOL: { message: ({ detail }) => `リーダーとカードの通信に失敗しました: ${detail}` },
    ERR_PIN_COUNTER_CHANGED: {
      message: '入力を待つ間に残り試行回数が変わったため、暗証番号を送りませんでした',
      advice: '別のプログラムがカードを使っています。`jpki pin status` で確かめてから、やり直してください。',
    },
    ERR_PIN_KNOWN_WRONG: {
      message: ({ pin }) =>
        `この${pin}は先ほどカードに拒まれたものです。再送していません (試行回数は減っていません)`,
    },
    ERR_PIN_REPEATED: {
      message: '先ほど拒否された暗証番号と同じため、送りませんでした。試行回数は減っていません',
      advice: '別の暗証番号を入力してください。',
    },
    ERR_PIN_REFUSED: { message: ({ pin }) => `カードが${pin}の照合を受け付けませんでした` },
    ERR_PCSC_WORKER_THREAD: { message: ({ detail }) => `PC/SC を使えません: ${detail}` },
    ERR_PCSC_CLOSED: { message: 'PC/SC サービスとの接続が閉じられました' },
    ERR_PCSC_NO_ACCESS: {
      message: 'PC/SC サービスがこのユーザーのアクセスを拒否しました',
      advice: '管理者に許可を求めてください (polkit の規則 org.debian.pcsc-lite.access_pcsc)。',
    },
    ERR_PCSC_UNRESPONSIVE_CARD: { message: 'カードが応答しません。向きや位置を確かめてください' },
    ERR_PCSC_UNPOWERED_CARD: { message: 'カードに電源が供給されていません' },
    ERR_PCSC_COMMUNICATION: { message: ({ detail }) => `カードとの通信に失敗しました: ${detail}` },
    ERR_PCSC_UNSUPPORTED: { message: ({ detail }) => `リーダーが対応していません: ${detail}` },
    ERR_PCSC_INTERNAL: { message: ({ detail }) => `PC/SC サービスのエラーです: ${detail}` },
    ERR_SIM_PKI_DAMAGED: {
      message: ({ detail }) => `仮想カードの鍵が壊れています: ${detail}`,
      advice:
        'そのフォルダーを消してください。必要なときに鍵を作り直しますが、以前の仮想カードの署名は検証できなくなります。',
    },
    ERR_SIM_STATE_FILE: {
      message: ({ detail }) => `仮想カードの状態を保存できません: ${detail}`,
      advice: '@ の後に別のファイルを指定するか、そのファイルを消してください。',
    },
    ERR_SIM_BUSY: {
      message: ({ detail }) => `別のプロセスが仮想カードを使っています: ${detail}`,
      advice: '終わるのを待って、もう一度お試しください。',
    },
    ERR_SIM_NO_POWER: { message: '仮想カードに電源が入っていません' },
    ERR_SIM_PERSONA: {
      message: ({ detail }) => `仮想カードの名前が違います: ${detail}`,
      advice: '`jpki sim personas` で一覧できます。',
    },
    ERR_CARD_FORGED: {
      message: ({ detail }) => `このカードの内容は本物ではないため、何も表示しません (${detail})`,
      advice:
        'このカードの内容を信用しないでください。入れ直しても同じなら、市区町村窓口に相談してください。',
    },
    ERR_CV_ANCHOR_FORMAT: { message: ({ detail }) => `カード証明書の鍵の一覧ではありません: ${detail}` },
    ERR_SECURE_MESSAGING: { message: ({ detail }) => `カードとの暗号化通信に失敗しました: ${detail}` },
    ERR_PIN_CHANGE_REFUSED: {
      message: ({ pin }) => `新しい${pin}をカードが受け付けませんでした。元のままです`,
      advice: '別の番号にしてください。',
    },
    ERR_PIN_CHANGE_UNKNOWN: {
      message: ({ pin, whereabouts }) =>
        `どの${pin}が有効か確かではありません: ${whereabouts.map(({ application, pin: which }) => `${application}は${WHICH_PIN[which]}`).join('、')}`,
      advice:
        '自動で送り直すことはしません。カードを入れ直し、`jpki pin status` で残り回数を確かめてください。',
    },
    ERR_NEW_PIN_DIFFERS: {
      message: '新しい暗証番号の 2 回の入力が一致しません。カードには何も送っていません',
    },
    ERR_PIN_ABSENT: {
      message: ({ pin }) => `このカードに${pin}は設定されていません (顔認証マイナンバーカードなど)`,
      advice: ({ reference }) =>
        reference === 'text'
          ? '券面の番号でも読み取れます: --code a または --code b'
          : '暗証番号の設定は市区町村窓口で行います。',
    },
    ERR_SHOW_MISSING: {
      message: '個人番号は --show を付けたときだけ表示します',
      advice: '他人の個人番号を、法律 (番号法) が定める目的のほかで収集・保管することはできません。',
    },
    ERR_TERMINAL_PICTURE: {
      message: 'この端末は画像を表示できません',
      advice: 'ファイルに書き出してください: -o FILE.png。何も尋ねず、カードには何も送っていません。',
    },
    ERR_PICTURE_DECODER_MISSING: {
      message: '顔写真 (JPEG 2000) の復号器がインストールされていません',
      advice:
        '任意のパッケージ @cornerstonejs/codec-openjpeg を入れてください。カードには何も送っていません。',
    },
    ERR_SIM_EXPORT: { message: ({ detail }) => `書き出せません: ${detail}` },
    ERR_SIM_PKI_FOLDER: {
      message: ({ detail }) => `仮想カードの鍵のフォルダーを使えません: ${detail}`,
      advice: '自分だけが書き込める権限にするか、JPKI_SIM_PKI で別のフォルダーを指定してください。',
    },
    ...jaWorkbenchErrors,
    ...jaTraceErrors,
  },
  reasons: {
    ENOENT: 'ファイルまたはフォルダーがありません',
    EACCES: '権限がありません',
    EPERM: '権限がありません',
    EISDIR: 'フォルダーです',
    ENOTDIR: 'フォルダーではありません',
    ENOSPC: 'ディスクに空きがありません',
    EROFS: '書き込みできないディスクです',
    EFBIG: '大きすぎます',
    EBADF: 'ファイル記述子が開かれていません',
    'not a regular file': '通常のファイルではありません',
    'not a trace': 'トレースではないファイルです',
    'no PEM certificate': 'PEM 形式の証明書がありません',
    'it is a terminal': '端末のため、入力した文字が画面に表示されてしまいます',
  },
  violations: {
    empty: '空です',
    'too-short': '短すぎます',
    'too-long': '長すぎます',
    character: '使えない文字が入っています',
    'not-mixed': '英字と数字の両方が必要です',
  },
  advice: {
    none: '',
    retry: 'もう一度お試しください。',
    'insert-card': 'カードを入れてください。',
    'reinsert-card': 'カードを一度抜き、入れ直してお試しください。',
    'connect-reader': 'カードリーダーをつないでください。',
    'start-service': 'PC/SC サービスを起動してください。',
    'restart-service': 'PC/SC サービスが応答しません。再起動してください。',
    'install-driver': 'README の手順で PC/SC 用のドライバーを入れてください。',
    'reenter-pin': '暗証番号を入力し直してください。',
    'confirm-last-try': '確実に正しいときだけ --allow-last-try 1 を付けて実行してください。',
    'visit-municipality': COUNTER,
    'correct-command': '`jpki --help` と `jpki コマンド --help` で使い方を確認できます。',
    'check-file': '名前、権限、空き容量を確認してください。',
    'update-program': '今後の版で対応する予定です。',
    'report-fault': 'お手数ですが報告をお願いします。暗証番号や個人情報は不要です。',
  },
};
