import { describe, expect, test } from 'vitest';
import { ScardFailure } from './binding.ts';
import { scardConditions } from './scard-conditions.ts';
import { describeScardCode, isServiceFailure, pcscErrorFrom } from './scard-errors.ts';

describe('the table of SCARD codes', () => {
  test('has a name, a cause in two languages and a class for each code', () => {
    for (const [code, condition] of scardConditions) {
      expect(code >>> 16).toBe(0x8010);
      expect(condition.name).toMatch(/^SCARD_[A-Z_]+/);
      expect(condition.en).toMatch(/^[a-z].*[^.]$/);
      expect(condition.ja).toMatch(/[\u3040-\u30ff\u4e00-\u9fff]/);
      expect(condition.error).toMatch(/^(ERR_PCSC_[A-Z_]+|removed|reset)$/);
    }
  });

  test('tells a person what a code means', () => {
    expect(describeScardCode(0x8010000b)).toMatchObject({
      name: 'SCARD_E_SHARING_VIOLATION',
      en: 'another program is using the card',
      ja: 'ほかのプログラムがカードを使用中です',
    });
    expect(describeScardCode(0x12345678)).toBeUndefined();
  });
});

describe('pcscErrorFrom', () => {
  test('keeps the failure as the cause, and its number', () => {
    const failure = new ScardFailure(0x8010002e, 'SCardListReaders');
    expect(failure.message).toBe('SCardListReaders failed with 0x8010002E');
    expect(pcscErrorFrom(failure)).toMatchObject({ scardCode: 0x8010002e, cause: failure });
  });

  test('gives every known code the class of the table', () => {
    const shared = { removed: 'ERR_CARD_REMOVED', reset: 'ERR_CARD_RESET' } as const;
    for (const [code, { error, remedy }] of scardConditions) {
      const expected = error === 'removed' || error === 'reset' ? shared[error] : error;
      expect(pcscErrorFrom(new ScardFailure(code, 'x'), 'R')).toMatchObject({ code: expected, remedy });
    }
  });

  test('leaves other errors alone', () => {
    const error = new TypeError('a mistake');
    expect(pcscErrorFrom(error)).toBe(error);
  });
});

test('isServiceFailure tells the codes after which a new context is worth a try', () => {
  const codes = [0x80100013, 0x8010001d, 0x8010001e, 0x80100003];
  for (const code of codes) expect(isServiceFailure(new ScardFailure(code, 'x'))).toBe(true);
  for (const code of [0x8010000b, 0x80100069])
    expect(isServiceFailure(new ScardFailure(code, 'x'))).toBe(false);
  expect(isServiceFailure(new Error('0x8010001d'))).toBe(false);
});
