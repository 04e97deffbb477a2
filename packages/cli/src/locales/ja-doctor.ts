import { SYSTEMD } from '../doctor/finding.ts';
import type { DoctorTexts } from './doctor-texts.ts';

/** 日本語: `jpki doctor`. */
export const jaDoctor: DoctorTexts = {
  severities: { ok: '[正常] ', warning: '[注意] ', problem: '[問題] ' },
  summary: (problems, warnings) =>
    problems === 0 && warnings === 0
      ? '妨げになるものはありません。'
      : `問題 ${problems} 件、注意 ${warnings} 件`,
  findings: {
    NODE_VERSION: { message: ({ subject }) => `Node.js ${subject}` },
    NODE_TOO_OLD: {
      message: ({ subject }) => `Node.js ${subject} は古すぎます`,
      remedy: 'Node.js 20.19 以降、22.12 以降、またはより新しい版を入れてください。',
    },
    WSL: {
      message: 'Windows Subsystem for Linux です。USB リーダーはそのままでは見えません',
      remedy:
        'Windows 側で usbipd bind と usbipd attach --wsl を実行するか、Windows で jpki を使ってください。',
    },
    CONTAINER: { message: ({ subject }) => `コンテナーの中です (${subject})` },
    SANDBOX: {
      message: ({ subject }) => `サンドボックス (${subject}) の中のため、リーダーに届かないことがあります`,
      remedy:
        'PC/SC サービスの利用を許可する (snap connect …:pcscd、Flatpak --socket=pcsc) か、外で実行してください。',
    },
    BROWSER_SANDBOX: {
      message: ({ subject }) => `${subject} は隔離されており、カードにもこのプログラムにも届きません`,
      remedy: 'カードでのログインや PKCS#11 には、deb または rpm パッケージのブラウザーを使ってください。',
    },
    REMOTE_DESKTOP: {
      message: 'リモートデスクトップのため、手元のコンピューターのリーダーしか見えません',
      remedy: 'リモートデスクトップの設定でスマートカードを許可するか、その場で操作してください。',
    },
    SOCKET_OVERRIDDEN: {
      message: ({ subject }) => `PCSCLITE_CSOCK_NAME が別の PC/SC サービスを指しています: ${subject}`,
      remedy: '意図したものでなければ、この環境変数を取り除いてください。',
    },
    SERVICE_RUNNING: { message: ({ subject }) => `PC/SC サービスが応答しています (${subject})` },
    SERVICE_NOT_INSTALLED: {
      message: 'PC/SC サービスが入っていません',
      remedy: 'sudo apt install pcscd (Debian、Ubuntu) または sudo dnf install pcsc-lite (Fedora)',
    },
    SERVICE_SOCKET_INACTIVE: {
      message: 'PC/SC サービスは入っていますが、pcscd.socket が有効になっていません',
      remedy: 'sudo systemctl enable --now pcscd.socket',
    },
    SERVICE_NOT_RUNNING: {
      message: ({ subject }) =>
        `PC/SC サービスが動作していません${subject ? ` (${subject} がありません)` : ''}`,
      remedy: ({ platform }) => SERVICE_START[platform] ?? '起動してください (sudo pcscd など)。',
    },
    SERVICE_CRASHED: {
      message: ({ subject }) => `PC/SC サービスが異常終了し、ソケットだけが残っています (${subject})`,
      remedy: ({ detail }) =>
        detail === SYSTEMD
          ? 'sudo systemctl restart pcscd.socket pcscd.service'
          : 'もう一度起動してください (sudo pcscd など)。',
    },
    SERVICE_NOT_IN_CONTAINER: {
      message: 'このコンテナーには PC/SC サービスがありません',
      remedy: 'ホストのものを共有してください: docker run -v /run/pcscd:/run/pcscd …',
    },
    SERVICE_FORBIDDEN: {
      message: ({ subject }) => `このユーザーは PC/SC サービスのソケットを開けません (${subject})`,
      remedy: ({ subject }) =>
        `ls -l ${subject} に出るグループに加わるか、Debian と同じく全員に開いてください: sudo chmod 666 ${subject}`,
    },
    SERVICE_HANGS: {
      message: 'PC/SC サービスは動いていますが、応答がありません',
      remedy: ({ detail }) =>
        detail === SYSTEMD
          ? 'sudo systemctl restart pcscd.service。繰り返すときは先にリーダーを抜いてください。'
          : 'pcscd を終わらせて、もう一度起動してください (sudo pkill -x pcscd; sudo pcscd)。繰り返すときは先にリーダーを抜いてください。',
    },
    SERVICE_FAILED: {
      message: ({ detail }) => `PC/SC でエラーが起きました: ${detail}`,
      remedy: 'PC/SC サービスを再起動してください。',
    },
    ACCESS_DENIED: {
      message:
        'PC/SC サービスがこのユーザーを拒否しました (polkit。SSH 越しではその場にいないと見なされます)',
      remedy:
        'org.debian.pcsc-lite.access_pcsc と .access_card を許可する polkit の規則を加えるか、その場で操作してください。',
    },
    POLKIT: { message: 'PC/SC サービスは polkit で利用者を確かめています' },
    BINDING: { message: ({ subject }) => `PC/SC への接続方法: ${subject}` },
    BINDING_FALLBACK: {
      message: ({ subject, detail }) =>
        `PC/SC への接続方法: ${subject} (アドオンを読み込めないため: ${detail})`,
      remedy:
        'このままで動作します。アドオンを使うなら sudo apt install libpcsclite-dev g++ make python3 の後に npm rebuild pcsclite',
    },
    BINDING_MISSING: {
      message: ({ detail }) => `PC/SC への接続方法がありません: ${detail}`,
      remedy: 'sudo apt install libpcsclite-dev g++ make python3 の後に npm rebuild pcsclite',
    },
    DRIVER: { message: ({ subject }) => `リーダーのドライバー: ${subject}` },
    DRIVER_MISSING: {
      message: 'ほとんどの USB リーダーが使うドライバー (CCID) が入っていません',
      remedy: 'sudo apt install libccid (Debian、Ubuntu) または sudo dnf install pcsc-lite-ccid (Fedora)',
    },
    KERNEL_DRIVER: {
      message: ({ subject }) =>
        `カーネルモジュール ${subject} が、PC/SC より先に非接触リーダーを使っています`,
      remedy: ({ subject }) =>
        `sudo modprobe -r ${subject}。恒久的には echo blacklist ${subject} | sudo tee /etc/modprobe.d/${subject}.conf`,
    },
    READER_NOT_TAKEN: {
      message: ({ subject }) =>
        `リーダー ${subject} はつながっていますが、PC/SC サービスに認識されていません`,
      remedy: 'ドライバーを入れる、抜き差しする、または pcscd を再起動してください。',
    },
    MACOS_DRIVER: {
      message: 'macOS 14 以降の標準ドライバーでは、動かないリーダーがあります',
      remedy:
        'sudo defaults write /Library/Preferences/com.apple.security.smartcard useIFDCCID -bool yes の後にリーダーを抜き差ししてください。',
    },
    READERS: { message: ({ subject }) => `カードリーダー: ${subject}` },
    NO_READER: {
      message: ({ subject }) =>
        subject ? `名前に「${subject}」を含むリーダーがありません` : 'カードリーダーがつながっていません',
      remedy: ({ subject }) =>
        subject ? 'jpki readers で一覧を確認できます。' : 'カードリーダーをつないでください。',
    },
    NO_CARD: {
      message: 'カードリーダーにカードがありません',
      remedy: 'カードを IC チップの側から差し込むか、リーダーの上に平らに置いてください。',
    },
    CARD_UNRESPONSIVE: {
      message: ({ subject }) => `${subject} のカードが応答しません`,
      remedy: '裏返す、リーダーの中央に置き直す、IC チップを拭くなどをお試しください。',
    },
    CARD_IN_USE: {
      message: ({ subject, detail }) =>
        `${subject} のカードはほかのプログラムが使用中です${detail ? ` (候補: ${detail})` : ''}`,
      remedy: ({ detail }) =>
        detail.includes('scdaemon')
          ? 'gpgconf --kill scdaemon'
          : 'そのプログラムを終えるか、終わるまでお待ちください。',
    },
    CARD_FAILED: {
      message: ({ subject, detail }) => `${subject} のカードを読めませんでした: ${detail}`,
      remedy: 'カードを入れ直してお試しください。接触不良かどうかは jpki readers --watch で分かります。',
    },
    CARD_OTHER: {
      message: ({ subject }) => `${subject} のカードはマイナンバーカードではありません`,
      remedy: 'マイナンバーカードを入れてください。',
    },
    CARD_JUKI: {
      message: ({ subject }) => `${subject} のカードは住民基本台帳カードです`,
      remedy: '住基カードの利用は終わりました。マイナンバーカードを入れてください。',
    },
    CARD: { message: ({ subject, name }) => `${subject} のカード: ${name}` },
    CARD_VALID: { message: ({ subject }) => `カードの有効期限: ${subject}` },
    CARD_RENEWABLE: {
      message: ({ subject }) => `カードの有効期限が近づいています: ${subject}`,
      remedy: '市区町村窓口またはオンラインで更新できます。',
    },
    CARD_EXPIRED: {
      message: ({ subject }) => `カードの有効期限が過ぎています: ${subject}`,
      remedy: '市区町村窓口で更新してください。',
    },
    APPLICATION_MISSING: {
      message: ({ name }) => `カードに ${name} がありません`,
      remedy: 'これを使うコマンドは、このカードでは動きません。',
    },
    APPLICATIONS: { message: 'カードのアプリケーションはすべてあります' },
    AUTH_CERTIFICATE: {
      message: ({ subject, detail }) =>
        `利用者証明用電子証明書の有効期限: ${subject} (${detail} から更新可能)`,
    },
    AUTH_CERTIFICATE_HIDDEN: {
      message: '利用者証明用電子証明書: あり (有効期限の表示には暗証番号が必要)',
    },
    AUTH_CERTIFICATE_RENEWABLE: {
      message: ({ subject }) => `利用者証明用電子証明書の有効期限が近づいています: ${subject}`,
      remedy: '市区町村窓口で、署名用電子証明書とともに更新してください。',
    },
    AUTH_CERTIFICATE_EXPIRED: {
      message: ({ subject }) => `利用者証明用電子証明書の有効期限が過ぎています: ${subject}`,
      remedy: '市区町村窓口で新しく発行を受けてください (無料)。',
    },
    AUTH_CERTIFICATE_ABSENT: {
      message: 'カードに利用者証明用電子証明書がありません',
      remedy: 'カードでログインするには、市区町村窓口で発行を受けてください。',
    },
    SIGN_CERTIFICATE: { message: '署名用電子証明書: あり (有効期限の表示にはパスワードが必要)' },
    SIGN_CERTIFICATE_ABSENT: {
      message: 'カードに有効な署名用電子証明書がありません',
      remedy: '氏名や住所が変わると失効し、15 歳未満には発行されません。市区町村窓口でご相談ください。',
    },
    CA_GENERATION: { message: ({ subject, name }) => `発行した認証局: JPKI 第 ${subject} 世代 (${name})` },
    CA_UNKNOWN: {
      message: '電子証明書を発行した認証局を、この版は知りません',
      remedy: 'このプログラムを更新してください。試験環境のカードの場合もあります。',
    },
    PIN_TRIES: { message: ({ name, left, max }) => `${name}: 残り ${left} 回 (最大 ${max} 回)` },
    PIN_TRIES_LOW: {
      message: ({ name, left, max }) => `${name}: 残り ${left} 回しかありません (最大 ${max} 回)`,
      remedy: '次の入力の前に番号を確かめてください。正しく入力すると回数は元に戻ります。',
    },
    PIN_BLOCKED: {
      message: ({ name }) => `${name}: ロック中`,
      remedy: '市区町村窓口で、カードと本人確認書類を持参して初期化 (再設定) してください。',
    },
  },
};

const SERVICE_START: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  win32:
    'リーダーをつないでください。Windows はリーダーがあるときだけサービス (SCardSvr) を動かします。だめなら sc start SCardSvr',
  darwin: 'リーダーをつないでください。macOS はサービスを自動で起動します。',
};
