import { createHash } from 'node:crypto';
import type { Face, Proof } from '@jpki/applets';
import { PNG } from 'pngjs';
import { describe, expect, it } from 'vitest';
import { loadRecordTexts } from '../locales/messages.ts';
import { cardPage } from './card-page.ts';

const INK = PNG.sync.write(Object.assign(new PNG({ width: 24, height: 12 })), { colorType: 0 });

const FACE: Face = {
  name: INK,
  address: INK,
  photo: new Uint8Array(),
  birthDate: '2019-05-01',
  sex: 'not-applicable',
  expiry: '2035-01-09',
  securityCode: INK,
};

async function page(
  proof: Proof,
  face: Partial<Face> = {},
  remarks: readonly string[] = [],
): Promise<string> {
  const texts = await loadRecordTexts('en');
  const content = { face: { ...FACE, ...face }, photo: INK, proof, remarks };
  return cardPage(content, texts.page);
}

const VERIFIED: Proof = { status: 'verified', findings: [], hierarchy: 'production' };

describe('the page of a card', () => {
  it.each([
    ['2019-05-01', '令和元年5月1日生'],
    ['2019-04-30', '平成31年4月30日生'],
    ['1985-06-15', '昭和60年6月15日生'],
    ['1926-12-24', '大正15年12月24日生'],
    ['1860-01-02', '1860年1月2日生'],
  ])('prints the birth date %s as %s', async (birthDate, printed) => {
    expect(await page(VERIFIED, { birthDate })).toContain(printed);
  });

  it('allows the style it has and nothing else', async () => {
    const text = await page(VERIFIED);
    const style = /<style>([\s\S]*)<\/style>/.exec(text)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    expect(text).toContain(`style-src &#39;sha256-${hash}&#39;`);
    expect(text).toContain('default-src &#39;none&#39;');
    expect(text).not.toContain(' style=');
  });

  it('says in its title and beside the card that it is not verified', async () => {
    const text = await page({ status: 'unverified', findings: [] });
    expect(text).toMatch(/<title>NOT VERIFIED/);
    expect(text.indexOf('class="mark unverified"')).toBeLessThan(text.indexOf('class="card"'));
    expect(await page(VERIFIED)).not.toContain('NOT VERIFIED');
  });

  it('takes no words for HTML', async () => {
    expect(await page(VERIFIED, {}, ['<b>&"'])).toContain('&#60;b&#62;&#38;&#34;');
  });

  it('refuses a text image that is none', async () => {
    await expect(page(VERIFIED, { name: Buffer.from('<svg onload=alert(1)>') })).rejects.toMatchObject({
      code: 'ERR_CARD_DATA_INVALID',
    });
  });
});
