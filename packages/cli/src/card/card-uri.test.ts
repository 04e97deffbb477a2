import { describe, expect, it } from 'vitest';
import { UsageError } from '../errors.ts';
import { parseCardUri } from './card-uri.ts';

describe('--card', () => {
  it.each([
    ['pcsc:', { world: 'pcsc', reader: undefined, identity: undefined }],
    ['pcsc:SCR 3310: slot 0', { world: 'pcsc', reader: 'SCR 3310: slot 0', identity: undefined }],
    ['pcsc:sha256', { world: 'pcsc', reader: 'sha256', identity: undefined }],
    ['pcsc:sha256=0123ABCD', { world: 'pcsc', reader: undefined, identity: '0123abcd' }],
    ['pcsc:sha256=01:23:ab:cd:ef', { world: 'pcsc', reader: undefined, identity: '0123abcdef' }],
    ['sim:', { world: 'sim', persona: 'adult', stateFile: undefined }],
    ['sim:child', { world: 'sim', persona: 'child', stateFile: undefined }],
    ['sim:adult@/a/b@c:d', { world: 'sim', persona: 'adult', stateFile: '/a/b@c:d' }],
    ['trace:a@b:c', { world: 'trace', path: 'a@b:c' }],
    ['sim:@state', { world: 'sim', persona: 'adult', stateFile: 'state' }],
  ])('%s names a card', (uri, card) => {
    expect(parseCardUri(uri)).toEqual(card);
  });

  it.each([
    '',
    'pcsc',
    'sim',
    'usb:',
    'SIM:',
    'trace:',
    'sim:adult@',
    'pcsc:sha256=0123abc',
    'pcsc:sha256=wxyz0123',
    `pcsc:sha256=${'0'.repeat(65)}`,
  ])('%j names none', (uri) => {
    expect(() => parseCardUri(uri)).toThrow(UsageError);
  });
});
