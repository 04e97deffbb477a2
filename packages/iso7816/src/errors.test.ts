import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import {
  ApduFormatError,
  CardError,
  CardLimitError,
  CardRemovedError,
  CardResetError,
  LinkError,
  MalformedResponseError,
  PinOutcomeUnknownError,
  StatusWordError,
  TlvFormatError,
} from './errors.ts';

const header = { cla: 0x00, ins: 0x20, p1: 0x00, p2: 0x80 };

test.each([
  [new ApduFormatError('x'), 'ApduFormatError', 'ERR_APDU_FORMAT', 'none'],
  [new TlvFormatError('x'), 'TlvFormatError', 'ERR_TLV_FORMAT', 'none'],
  [new CardLimitError('x'), 'CardLimitError', 'ERR_CARD_LIMIT', 'reinsert-card'],
  [new MalformedResponseError('x'), 'MalformedResponseError', 'ERR_CARD_MALFORMED_RESPONSE', 'reinsert-card'],
  [new StatusWordError(0x6a82, header, 'x'), 'StatusWordError', 'ERR_CARD_STATUS_WORD', 'none'],
  [new CardRemovedError(), 'CardRemovedError', 'ERR_CARD_REMOVED', 'reinsert-card'],
  [new CardResetError(), 'CardResetError', 'ERR_CARD_RESET', 'retry'],
  [
    new PinOutcomeUnknownError(undefined),
    'PinOutcomeUnknownError',
    'ERR_PIN_OUTCOME_UNKNOWN',
    'reinsert-card',
  ],
])('%s has a stable name, code and remedy', (error, name, code, remedy) => {
  expect(error).toBeInstanceOf(CardError);
  expect({ name: error.name, code: error.code, remedy: error.remedy }).toEqual({ name, code, remedy });
});

test('removal and reset are failures of the link; a status word is none', () => {
  expect(new CardRemovedError()).toBeInstanceOf(LinkError);
  expect(new CardResetError()).toBeInstanceOf(LinkError);
  expect(new StatusWordError(0x6a82, header, 'x')).not.toBeInstanceOf(LinkError);
});

test('the cause is kept, and is absent where there is none', () => {
  const cause = new Error('below');
  expect(new CardRemovedError(undefined, cause).cause).toBe(cause);
  expect(new PinOutcomeUnknownError(cause).cause).toBe(cause);
  expect('cause' in new CardRemovedError()).toBe(false);
});

test('a status word error says the word and the header, and keeps nothing else of the command', () => {
  const command = { ...header, data: Uint8Array.of(0x31, 0x32, 0x33, 0x34) };
  const error = new StatusWordError(0x63c2, command, 'verification failed');
  expect(error.message).toBe('the card answered 63C2 to 00 20 00 80: verification failed');
  expect(error.command).toEqual(header);
  expect(inspect(error, { depth: null, showHidden: true })).not.toMatch(/31323334|49, 50|0x31/);
});
