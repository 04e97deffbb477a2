import { TEXT_AP, TextTag } from '../text/layout.ts';
import { VISUAL_AP, VisualTag } from '../visual/layout.ts';

/** What a data object within the records of the 券面 applications is called. */
export interface MappedTag {
  /** Tag bytes as one number: 0xDF22. */
  readonly tag: number;
  readonly name: string;
  readonly japaneseName: string;
}

/** The tags of one application; each is used in one of its files only. */
export interface MappedTags {
  readonly aid: Uint8Array;
  readonly tags: readonly MappedTag[];
}

const tag = (number: number, name: string, japaneseName: string): MappedTag => ({
  tag: number,
  name,
  japaneseName,
});

/** 券面事項入力補助AP (card-protocol.md 4.1 to 4.3). */
const textTags: readonly MappedTag[] = [
  tag(TextTag.MY_NUMBER, 'Individual Number', '個人番号'),
  tag(TextTag.ATTRIBUTES, 'four attributes', '基本4情報'),
  tag(TextTag.OFFSETS, 'offsets', '位置の表'),
  tag(TextTag.NAME, 'name', '氏名'),
  tag(TextTag.ADDRESS, 'address', '住所'),
  tag(TextTag.BIRTH_DATE, 'date of birth', '生年月日'),
  tag(TextTag.SEX, 'sex', '性別'),
  tag(TextTag.INTEGRITY, 'signed digests', '券面事項の電子署名'),
  tag(TextTag.MY_NUMBER_DIGEST, 'digest of the Individual Number', '個人番号のハッシュ値'),
  tag(TextTag.ATTRIBUTES_DIGEST, 'digest of the four attributes', '基本4情報のハッシュ値'),
  tag(TextTag.INTEGRITY_SIGNATURE, 'signature', '電子署名'),
  tag(TextTag.BASIC_INFORMATION, 'basic information', 'AP基本情報'),
  tag(TextTag.IDENTIFICATION, 'identification', 'AP識別情報'),
  tag(TextTag.KEY_ID, 'key id', '鍵識別子'),
  tag(TextTag.OPAQUE, 'unknown', '不明'),
  tag(TextTag.CARD_KEY_RECORD, 'key of the card', '内部認証用公開鍵'),
  tag(TextTag.CARD_KEY, 'public key', '公開鍵'),
  tag(TextTag.CARD_KEY_SIGNATURE, 'signature', '電子署名'),
  tag(TextTag.SESSION_KEY, 'key for secure messaging', 'セキュアメッセージング用公開鍵'),
];

/** 券面事項確認AP (card-protocol.md 5). */
const visualTags: readonly MappedTag[] = [
  tag(VisualTag.AGE, 'age record', '生年月日の記録'),
  tag(VisualTag.AGE_BIRTH_DATE, 'date of birth', '生年月日'),
  tag(VisualTag.AGE_CARD_KEY, 'public key of the card', '内部認証用公開鍵'),
  tag(VisualTag.AGE_SIGNATURE, 'signature', '電子署名'),
  tag(VisualTag.FACE, 'printed face', '券面事項'),
  tag(VisualTag.OFFSETS, 'offsets', '位置の表'),
  tag(VisualTag.BIRTH_DATE, 'date of birth', '生年月日'),
  tag(VisualTag.SEX, 'sex', '性別'),
  tag(VisualTag.CARD_KEY, 'public key of the card', '内部認証用公開鍵'),
  tag(VisualTag.NAME, 'image of the name', '氏名の画像'),
  tag(VisualTag.ADDRESS, 'image of the address', '住所の画像'),
  tag(VisualTag.PHOTO, 'photo', '顔写真'),
  tag(VisualTag.SIGNATURE, 'signature', '電子署名'),
  tag(VisualTag.EXPIRY, 'expiry', '有効期限'),
  tag(VisualTag.SECURITY_CODE, 'image of the security code', 'セキュリティコードの画像'),
  tag(VisualTag.BASIC_INFORMATION, 'basic information', 'AP基本情報'),
  tag(VisualTag.IDENTIFICATION, 'identification', 'AP識別情報'),
  tag(VisualTag.KEY_ID, 'key id', '鍵識別子'),
  tag(VisualTag.VERSION, 'version', '版'),
  tag(VisualTag.MUNICIPALITY, 'municipality', '市区町村コード'),
  tag(VisualTag.OPAQUE, 'unknown', '不明'),
  tag(VisualTag.NUMBER_IMAGE, 'image of the Individual Number, signed', '個人番号の記録'),
  tag(VisualTag.NUMBER, 'image of the Individual Number', '個人番号の画像'),
  tag(VisualTag.NUMBER_CARD_KEY, 'public key of the card', '内部認証用公開鍵'),
  tag(VisualTag.NUMBER_SIGNATURE, 'signature', '電子署名'),
];

/** Names of the tags in the records of the 券面 applications. */
export const recordTags: readonly MappedTags[] = [
  { aid: TEXT_AP.aid, tags: textTags },
  { aid: VISUAL_AP.aid, tags: visualTags },
];
