import { createHash } from 'node:crypto';
import { eraYearOf, type Face, type Proof } from '@jpki/applets';
import type { CardPageTexts } from '../locales/record-texts.ts';
import { decodeTextImage, inkOutline } from '../picture/ink-outline.ts';
import { CARD_STYLE } from './card-style.ts';

/** What the page shows. */
export interface CardPageContent {
  readonly face: Face;
  /** The photo as PNG. */
  readonly photo: Uint8Array;
  readonly proof: Proof;
  /** Why it is not verified, and what kind of card it is, a sentence each. */
  readonly remarks: readonly string[];
}

/**
 * The front of the card as one HTML page. The card speaks Japanese as the plastic one does; the words around it speak
 * the person's language. It loads nothing and runs nothing.
 *
 * @throws {CardDataInvalidError} when an image of the card is none.
 */
export function cardPage(content: CardPageContent, texts: CardPageTexts): string {
  const { face, photo, proof, remarks } = content;
  const hash = createHash('sha256').update(CARD_STYLE).digest('base64');
  const policy = `default-src 'none'; img-src data:; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
  const isVerified = proof.status === 'verified';
  return `<!DOCTYPE html>
<html lang="${texts.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escaped(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>${escaped(isVerified ? texts.title : `${texts.unverified} · ${texts.title}`)}</title>
<style>${CARD_STYLE}</style>
</head>
<body>
${mark(isVerified, remarks, texts)}
${card(face, photo)}
<footer>${escaped(texts.notice)}</footer>
</body>
</html>
`;
}

/** Beside the card, never on it: whether it is genuine. */
function mark(isVerified: boolean, remarks: readonly string[], texts: CardPageTexts): string {
  const sign = isVerified
    ? '<circle cx="17" cy="17" r="16" fill="#22915a"/><path d="M9.5 17.5l5 5 10-11" fill="none" stroke="#fff" stroke-width="3.4" stroke-linecap="round" stroke-linejoin="round"/>'
    : '<path d="M17 2.5 33 31.5H1z" fill="#dd7a1f"/><path d="M17 12.5v9M17 25.6v.3" fill="none" stroke="#fff" stroke-width="3.4" stroke-linecap="round"/>';
  const word = isVerified ? texts.verified : texts.unverified;
  const lines = [isVerified ? texts.verifiedMeaning : texts.unverifiedMeaning, ...remarks];
  return `<header class="mark ${isVerified ? 'verified' : 'unverified'}" role="status">
<svg viewBox="0 0 34 34" aria-hidden="true">${sign}</svg>
<div><b>${escaped(word)}</b>${lines.map((line) => `<span>${escaped(line)}</span>`).join('')}</div>
</header>`;
}

function card(face: Face, photo: Uint8Array): string {
  const { birthDate, sex, expiry } = face;
  return `<main class="card" lang="ja">
<dl class="name"><dt>氏名</dt><dd>${inkOf(face.name, '氏名')}</dd></dl>
<dl class="address"><dt>住所</dt><dd>${inkOf(face.address, '住所')}</dd></dl>
<img class="photo" src="${dataUri(photo)}" alt="顔写真">
<section class="facts">
<dl><dt>生年月日</dt><dd><time datetime="${birthDate}">${eraDate(birthDate)}生</time></dd></dl>
<dl><dt>性別</dt><dd>${SEXES[sex]}</dd></dl>
<dl><dt>有効期限</dt><dd><time datetime="${expiry}">${plainDate(expiry)}まで有効</time></dd></dl>
<dl class="code"><dt>セキュリティコード</dt><dd>${inkOf(face.securityCode, 'セキュリティコード')}</dd></dl>
</section>
<svg class="petal" viewBox="-50 -50 100 100" aria-hidden="true">${petals()}</svg>
<p class="title">個人番号カード</p>
</main>`;
}

const SEXES: Readonly<Record<Face['sex'], string>> = {
  male: '男',
  female: '女',
  'not-applicable': '適用不能',
  unknown: '不明',
};

/** A blossom of five petals, ours: the real card has emblems that nobody may copy. */
function petals(): string {
  const petal = 'M0-6C-15-16-17-36-6-46L0-40 6-46C17-36 15-16 0-6Z';
  return [0, 72, 144, 216, 288].map((angle) => `<path d="${petal}" transform="rotate(${angle})"/>`).join('');
}

/** A text image of the card as ink without paper; its height is set by the style. */
function inkOf(png: Uint8Array, label: string): string {
  const image = decodeTextImage(png);
  const { width, height } = image;
  return `<svg class="ink" role="img" aria-label="${label} (画像)" viewBox="0 0 ${width} ${height}"><path d="${inkOutline(image)}"/></svg>`;
}

function dataUri(png: Uint8Array): string {
  return `data:image/png;base64,${Buffer.from(png).toString('base64')}`;
}

/** `1985-06-15` as it is printed: 昭和60年6月15日. A date before the eras is printed as it is. */
function eraDate(date: string): string {
  const [, month, day] = date.split('-').map(Number);
  try {
    const { era, year } = eraYearOf(date);
    return `${era}${year === 1 ? '元' : year}年${month}月${day}日`;
  } catch (error) {
    if (error instanceof RangeError) return plainDate(date);
    throw error;
  }
}

function plainDate(date: string): string {
  const [year, month, day] = date.split('-').map(Number);
  return `${year}年${month}月${day}日`;
}

/** Text for HTML, in elements and in attributes. */
function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
