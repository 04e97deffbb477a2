import { toHex } from '@jpki/iso7816';
import { expect, test } from 'vitest';
import { TextTag } from '../text/layout.ts';
import { VisualTag } from '../visual/layout.ts';
import { cardMap, recordTags } from './index.ts';

test('every tag of the layouts has a name, once per application', () => {
  const [text, visual] = recordTags;
  expect(text?.tags.map(({ tag }) => tag).sort()).toEqual(Object.values(TextTag).sort());
  expect(visual?.tags.map(({ tag }) => tag).sort()).toEqual(Object.values(VisualTag).sort());
});

test('the applications of the tags are on the map', () => {
  const known = cardMap.map(({ aid }) => toHex(aid));
  for (const { aid } of recordTags) expect(known).toContain(toHex(aid));
});
