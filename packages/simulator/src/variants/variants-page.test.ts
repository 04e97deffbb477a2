import { expect, test } from 'vitest';
import { CONTENT_VARIANTS } from './contents.ts';
import { FACE_VARIANTS } from './face.ts';
import { variantNames } from './index.ts';
import { KEY_VARIANTS } from './keys.ts';
import { PIN_VARIANTS } from './pins.ts';
import { SELECTION_VARIANTS } from './selection.ts';
import { TRANSPORT_VARIANTS } from './transport.ts';
import type { VariantDescription } from './variant.ts';

const CHAPTERS: readonly (readonly [string, Readonly<Record<string, VariantDescription>>])[] = [
  ['Selection, and how long a verified PIN lasts', SELECTION_VARIANTS],
  ['Classes, lengths and reading', TRANSPORT_VARIANTS],
  ['PINs and codes', PIN_VARIANTS],
  ['Contents and access', CONTENT_VARIANTS],
  ['券面事項確認AP, 共通カードAP, 住基AP', FACE_VARIANTS],
  ['Keys and secure messaging', KEY_VARIANTS],
];

function line([name, { section, mark, what, settings }]: readonly [string, VariantDescription]): string {
  const [first, ...others] = settings.map((setting) => `\`${setting}\``);
  return `- \`${name}\` (${section}; ${mark}): ${what}. ${first}, else ${others.join(' ')}`;
}

test('VARIANTS.md has every doubted fact', async () => {
  const chapters = CHAPTERS.map(([title, table]) =>
    [`## ${title}`, '', ...Object.entries(table).map(line)].join('\n'),
  );
  const page = [
    '# Variants',
    '',
    'Made by `variants-page.test.ts` of what `src/variants` says; run it with `-u` after a change. Facts of which the protocol',
    'document (card-protocol.md) is not sure, and how the virtual card can be set:',
    "`openVirtualCard({ pki, variants: { blockedVerify: '6983' } })`. The default is what the document recommends, else our",
    'choice; it stands first. In parentheses the section and a mark: `1` to `3` sources agree, `inf` inferred, `!` sources disagree, `?` unknown.',
    '',
    chapters.join('\n\n'),
    '',
  ];
  await expect(page.join('\n')).toMatchFileSnapshot('../../VARIANTS.md');
  expect(CHAPTERS.flatMap(([, table]) => Object.keys(table)).sort()).toEqual([...variantNames].sort());
});
