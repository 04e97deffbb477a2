import type { RecordTexts } from './record-texts.ts';

const DO_NOT_TRUST = 'このカードの内容を信用しないでください。発行した市区町村の窓口に相談してください。';

/** 日本語: what the card says of its holder. */
export const jaRecords: RecordTexts = {
  labels: {
    name: '氏名',
    address: '住所',
    birthDate: '生年月日',
    sex: '性別',
    expiry: '有効期限',
    myNumber: '個人番号',
    securityCode: 'セキュリティコード',
  },
  sexes: { male: '男', female: '女', 'not-applicable': '適用不能', unknown: '不明' },
  verified: '検証済み: 発行者が書き込んだ内容であることを、カードが証明しました。',
  unverified: '未検証: 本物であることは確かめられていません。',
  findings: {
    NOT_CHECKED: {
      message: '本物かどうかを確かめていません。',
      advice: '--trust で信頼するものを指定してください。',
    },
    RECORD_UNREADABLE: {
      message: 'この番号では、カードは署名された記録を読ませません。',
      advice: '番号の代わりに暗証番号を使ってください。',
    },
    CV_CA_UNKNOWN: {
      message: 'カードが名乗る発行者の鍵は、信頼する鍵の中にありません。',
      advice:
        '既定では本物のマイナンバーカードだけを信頼します。仮想カードなら --trust simulator、ほかの発行者なら --trust ファイル を付けてください。',
    },
    CV_CERTIFICATE_WRONG: {
      message: 'カードの証明書は、それが名乗る発行者の鍵で署名されていません。',
      advice: DO_NOT_TRUST,
    },
    RECORD_WRONG: { message: '記録は、カードの証明書の鍵で署名されていません。', advice: DO_NOT_TRUST },
    RECORD_CONTENT_WRONG: { message: '内容が、署名されたものと違います。', advice: DO_NOT_TRUST },
    CARD_KEY_WRONG: { message: 'カード自身の鍵が、署名されたものと違います。', advice: DO_NOT_TRUST },
    CHALLENGE_WRONG: {
      message: 'カードは自分の秘密鍵を持っていません。複製です。',
      advice: DO_NOT_TRUST,
    },
  },
  hierarchies: {
    simulator: 'これは仮想カードです。実在の人のものではありません。',
    test: 'これはテストカードです。実在の人のものではありません。',
  },
  myNumberLaw:
    '他人の個人番号を、法律 (番号法) が定める目的のほかで収集・保管することは、同意があってもできません。',
  written: (path) => `書き出しました: ${path}`,
  page: {
    language: 'ja',
    title: 'マイナンバーカードの表面',
    verified: '検証済み',
    verifiedMeaning: '発行者が書き込んだ内容であることを、カードが証明しました。',
    unverified: '未検証',
    unverifiedMeaning: '本物であることは確かめられていません。',
    notice:
      'マイナンバーカードの IC チップに記録された内容の表示です。カードそのものではなく、本人確認書類にはなりません。有効期限とセキュリティコードは署名の対象外です。このファイルはカードと同じように大切に保管してください。',
  },
};
