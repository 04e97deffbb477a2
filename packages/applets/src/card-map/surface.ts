import { TEXT_AP, TextEf } from '../text/layout.ts';
import { VISUAL_AP, VisualEf } from '../visual/layout.ts';
import { file, secret } from './file.ts';
import type { MappedApplication } from './model.ts';

/**
 * 券面事項入力補助AP (card-protocol.md 4.1). The CV certificate names the municipality in its subject, the basic
 * information holds 32 bytes of unknown meaning, and the keys are this card's own: all tell cards apart.
 */
export const textMap: MappedApplication = {
  aid: TEXT_AP.aid,
  name: 'input support',
  japaneseName: TEXT_AP.name,
  files: [
    file(TextEf.MY_NUMBER, 'personal', 'Individual Number', '個人番号'),
    file(TextEf.ATTRIBUTES, 'personal', 'four attributes', '基本4情報'),
    file(TextEf.INTEGRITY, 'personal', 'signed digests of number and attributes', '券面事項の電子署名'),
    file(TextEf.CV_CERTIFICATE, 'identifying', 'CV certificate of the records', '電子署名の検証用証明書'),
    file(TextEf.BASIC_INFORMATION, 'identifying', 'basic information', 'AP基本情報'),
    file(TextEf.SESSION_KEY, 'identifying', 'key for secure messaging', 'セキュアメッセージング用公開鍵'),
    file(TextEf.CARD_KEY, 'identifying', 'key of the card', '内部認証用公開鍵'),
    secret(TextEf.PIN, 'text', 'input-support PIN'),
    file(TextEf.SIGNING_KEY, 'key', 'key that answers challenges', '内部認証用秘密鍵'),
    secret(TextEf.NUMBER_A, 'number-a', 'collation number A'),
    secret(TextEf.NUMBER_B, 'number-b', 'collation number B'),
  ],
  dataObjects: [],
};

/** 券面事項確認AP (card-protocol.md 5); its basic information names the municipality. */
export const visualMap: MappedApplication = {
  aid: VISUAL_AP.aid,
  name: 'card surface',
  japaneseName: VISUAL_AP.name,
  files: [
    file(VisualEf.AGE, 'personal', 'age record', '生年月日'),
    file(VisualEf.FACE, 'personal', 'printed face', '券面事項'),
    file(VisualEf.BASIC_INFORMATION, 'identifying', 'basic information', 'AP基本情報'),
    file(VisualEf.CV_CERTIFICATE, 'identifying', 'CV certificate of the records', '電子署名の検証用証明書'),
    file(VisualEf.NUMBER_IMAGE, 'personal', 'image of the Individual Number', '個人番号の画像'),
    secret(VisualEf.BIRTH, 'birth', 'date of birth'),
    secret(VisualEf.NUMBER_B, 'number-b', 'collation number B'),
    secret(VisualEf.NUMBER_A, 'number-a', 'collation number A'),
    file(VisualEf.SIGNING_KEY, 'key', 'key that answers challenges', '内部認証用秘密鍵'),
  ],
  dataObjects: [],
};
