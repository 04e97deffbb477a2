import type { VerdictTexts } from './texts.ts';

/** 日本語: the answers of `jpki verify`. */
export const jaVerdict: VerdictTexts = {
  verdicts: { valid: '有効', invalid: '無効', indeterminate: '判定不能' },
  meanings: {
    valid: '文書は署名の後に変わっておらず、署名者の電子証明書は信頼する認証局のものです。',
    invalid: 'この署名を信用しないでください。',
    indeterminate: '偽りは見つかりませんでしたが、確かめられないことが残っています。',
  },
  revocationOff: '失効未確認',
  findings: {
    FORMAT_INVALID: {
      message: 'CMS 署名ではありません。',
      advice: '文書ではなく、署名ファイル (.p7s または .p7m) を指定してください。',
    },
    CONTENT_MISSING: {
      message: '署名が文書と別になっており (detached)、文書が見つかりません。',
      advice: '--content で文書を指定してください。',
    },
    CONTENT_CHANGED: {
      message: '文書が、署名されたものと違います。',
      advice: '署名の後に変更されたか、別の文書です。署名者に元の文書を求めてください。',
    },
    SIGNATURE_WRONG: {
      message: '署名の値が、署名者の電子証明書と対応しません。',
      advice: '署名が変更されたか、壊れています。もう一度受け取ってください。',
    },
    SIGNER_CERTIFICATE_MISSING: {
      message: '署名者の電子証明書が署名に含まれていません。',
      advice: '電子証明書を含む署名を求めてください。',
    },
    SIGNER_CERTIFICATE_SWAPPED: {
      message: '署名が指す電子証明書と、含まれている電子証明書が違います。',
      advice: '電子証明書がすり替えられた可能性があります。信用しないでください。',
    },
    SIGNED_ATTRIBUTES_MISSING: {
      message: '署名属性がありません。',
      advice: 'CAdES 署名ではありません。CAdES 署名を求めてください。',
    },
    ALGORITHM_NOT_ACCEPTED: {
      message: '受け入れられない暗号アルゴリズムが使われています。',
      advice: 'RSA 2048 ビット以上と SHA-256、SHA-384、SHA-512 の署名を求めてください。',
    },
    CERTIFICATE_MALFORMED: {
      message: '署名者の電子証明書を読み取れません。',
      advice: '署名が壊れているか、作り物です。信用しないでください。',
    },
    CA_UNKNOWN: {
      message: '署名者の電子証明書を発行した認証局は、信頼する認証局ではありません。',
      advice:
        '既定では本番の公的個人認証の認証局だけを信頼します。仮想カードなら --trust simulator、ほかの認証局なら --trust ファイル を付けてください。',
    },
    CA_KEY_MISMATCH: {
      message: '電子証明書は信頼する認証局の名を名乗っていますが、別の鍵で作られています。',
      advice:
        '認証局のなりすましの可能性があります (別の仮想カードの鍵の組 JPKI_SIM_PKI である場合もあります)。',
    },
    CA_EXPIRED: {
      message: '検証の時点で、認証局の有効期間の外でした。',
      advice: '署名の時刻が分かるときは --at で指定してください。',
    },
    CERTIFICATE_EXPIRED: {
      message: '検証の時点で、署名者の電子証明書の有効期限が切れていました。',
      advice:
        '署名時刻の証明がないため、期限内の署名かどうか判定できません。時刻が分かるときは --at で指定してください。',
    },
    CERTIFICATE_NOT_YET_VALID: {
      message: '検証の時点で、署名者の電子証明書はまだ有効ではありませんでした。',
      advice: '時計を確かめるか、--at で時刻を指定してください。',
    },
    CERTIFICATE_PURPOSE_WRONG: {
      message: '文書への署名に使える電子証明書ではありません。',
      advice:
        '利用者証明用電子証明書はログインのためのもので、意思の表示には使えません。署名用電子証明書による署名を求めてください。',
    },
    CERTIFICATE_EXTENSION_UNKNOWN: {
      message: '電子証明書に、解釈できない重要な拡張があります。',
      advice: 'それを扱えるプログラムで確かめてください。',
    },
  },
  notChecked: {
    REVOCATION: '失効の有無 (失効情報は公的個人認証法の署名検証者等にだけ提供されます)',
    SIGNING_TIME: '署名の時刻 (署名者の申告です)',
  },
  labels: {
    signedBy: '署名者',
    issuer: '発行者',
    serial: '電子証明書の発行番号',
    signedAt: '署名時刻 (署名者の時計による)',
    notChecked: '確認していないこと',
    format: '形式',
  },
  attributes: { name: '氏名', address: '住所', birthDate: '生年月日', sex: '性別' },
  sexes: { male: '男', female: '女', 'not-applicable': '適用不能', unknown: '不明' },
  noSigner: '不明',
  hierarchies: {
    simulator: 'これは仮想カードの署名です。実在の人の署名ではありません。',
    test: 'これはテストカードの署名です。実在の人の署名ではありません。',
  },
};
