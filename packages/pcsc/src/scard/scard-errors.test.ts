import { describe, expect, test } from 'vitest';
import { ScardFailure } from '../binding.ts';
import { PcscError } from '../errors.ts';
import { cardConditions } from './scard-card-conditions.ts';
import { scardConditions } from './scard-conditions.ts';
import { describeScardCode, isServiceFailure, pcscErrorFrom } from './scard-errors.ts';
import { moduleConditions } from './scard-module-conditions.ts';
import { serviceConditions } from './scard-service-conditions.ts';
import { windowsConditions } from './scard-windows-conditions.ts';

/** The table for people, in both languages; `vitest -u` writes it anew. */
function asMarkdown(): string {
  const hex = (code: number) => `0x${code.toString(16).toUpperCase().padStart(8, '0')}`;
  const shared = { removed: 'CardRemovedError, ERR_CARD_REMOVED', reset: 'CardResetError, ERR_CARD_RESET' };
  const className = (error: string) =>
    error === 'removed' || error === 'reset' ? shared[error] : `PcscError, ${error}`;
  const entries = [...scardConditions].map(([code, condition]) => {
    const { name, error, en, ja, advice, safeToRetry } = condition;
    return `## ${hex(code)} ${name}

- Class: \`${className(error)}\`; safe to retry: ${safeToRetry ? 'yes' : 'no'}
- Likely cause: ${en}. ${ja}。
- What to do: ${advice.en}. ${advice.ja}。
`;
  });
  return `# Errors of PC/SC

Written by \`scard-errors.test.ts\` from the tables in \`src/scard/scard-*-conditions.ts\`; \`vitest -u\` writes it anew.
"Safe to retry" means that nothing reached the card, so that a program may make the same call again by itself
(\`PcscError.safeToRetry\`). For a call that carries bytes to the card (SCardTransmit, SCardControl) it is so only where
another program kept it out or the reader does not know it, and a card that is not there then was removed. A response of fewer than two bytes is a removed card, whatever code came with it.

${entries.join('\n')}`;
}

describe('the table of SCARD codes', () => {
  test('has a name, a cause and advice in two languages and a class for each code', () => {
    const japanese = /[\u3040-\u30ff\u4e00-\u9fff]/;
    const sentence = /^[a-z].*[^.]$/;
    for (const [code, { name, error, en, ja, advice }] of scardConditions) {
      expect(name).toMatch(code >>> 16 === 0x8010 ? /^SCARD_[A-Z_]+/ : /^ERROR_[A-Z_]+$/);
      expect(en).toMatch(/^([a-z]|Windows ).*[^.]$/);
      expect(ja).toMatch(japanese);
      expect(advice.en).toMatch(sentence);
      expect(advice.ja).toMatch(japanese);
      expect(error).toMatch(/^(ERR_PCSC_[A-Z_]+|removed|reset)$/);
    }
  });

  test('has each code once, in their order', () => {
    const codes = [...scardConditions.keys()];
    expect(codes).toEqual([...codes].sort((one, other) => one - other));
    const entries = [serviceConditions, cardConditions, moduleConditions, windowsConditions].flat();
    expect(scardConditions.size).toBe(entries.length);
  });

  test('leaves out no code of the facility', () => {
    const gaps: number[] = [];
    for (let code = 0x80100001; code <= 0x80100034; code++) if (!scardConditions.has(code)) gaps.push(code);
    for (let code = 0x80100065; code <= 0x80100072; code++) if (!scardConditions.has(code)) gaps.push(code);
    expect(gaps).toEqual([]);
  });

  test('calls nothing safe to retry that may have reached the card', () => {
    for (const code of [0x8010000a, 0x80100013, 0x80100016, 0x80100017, 0x8010002f, 0x80100068, 0x80100069]) {
      expect(describeScardCode(code)?.safeToRetry).toBe(false);
    }
    for (const code of [0x8010000b, 0x8010000c, 0x8010001d]) {
      expect(describeScardCode(code)?.safeToRetry).toBe(true);
    }
  });

  test('is what ERRORS.md shows', async () => {
    await expect(asMarkdown()).toMatchFileSnapshot('../../ERRORS.md');
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
    for (const [code, { error, remedy, safeToRetry }] of scardConditions) {
      const typed = pcscErrorFrom(new ScardFailure(code, 'x'), 'R');
      if (error === 'removed' || error === 'reset')
        expect(typed).toMatchObject({ code: shared[error], remedy });
      else expect(typed).toMatchObject({ code: error, remedy, safeToRetry, readerName: 'R' });
    }
  });

  test('takes a command for received, whatever the code says, unless it was refused', () => {
    for (const call of ['SCardTransmit', 'SCardControl']) {
      for (const code of scardConditions.keys()) {
        const typed = pcscErrorFrom(new ScardFailure(code, call));
        if (!(typed instanceof PcscError) || !typed.safeToRetry) continue;
        expect(['ERR_PCSC_SHARING_VIOLATION', 'ERR_PCSC_UNSUPPORTED']).toContain(typed.code);
      }
    }
  });

  test.each([0x8010000c, 0x15, 0x458])(
    'calls a card removed that is not there any more when it should answer: %i',
    (code) => {
      const removed = { code: 'ERR_CARD_REMOVED' };
      expect(pcscErrorFrom(new ScardFailure(code, 'SCardTransmit'))).toMatchObject(removed);
      // Before a connection, and for a reader that is asked something, there is just none.
      for (const call of ['SCardConnect', 'SCardControl'])
        expect(pcscErrorFrom(new ScardFailure(code, call))).toMatchObject({ code: 'ERR_PCSC_NO_CARD' });
    },
  );

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
