import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LastTryError, PinBlockedError, PinChangeUnknownError, PinIncorrectError } from '@jpki/applets';
import { CmsFormatError } from '@jpki/core';
import { CardRemovedError, PinOutcomeUnknownError } from '@jpki/iso7816';
import { PcscError } from '@jpki/pcsc';
import { describe, expect, it } from 'vitest';
import { reportError } from './error-report.ts';
import { CliError, FileError, InterruptedError, NotInThisVersionError } from './errors.ts';
import { codesWithExit } from './exit-codes.ts';
import { loadErrorTexts, loadMessages } from './locales/messages.ts';

const PACKAGES = new URL('../../', import.meta.url).pathname;

/** Every error code that a package's sources mention. */
function codesInSources(): Set<string> {
  const codes = new Set<string>();
  for (const name of ['iso7816', 'core', 'pcsc', 'applets', 'trace', 'simulator', 'cli']) {
    for (const file of readdirSync(join(PACKAGES, name, 'src'), { recursive: true, encoding: 'utf8' })) {
      if (!file.endsWith('.ts') || file.endsWith('.test.ts') || file.includes('locales')) continue;
      const source = readFileSync(join(PACKAGES, name, 'src', file), 'utf8');
      for (const [code] of source.matchAll(/'ERR_[A-Z_]+[A-Z]'/g)) codes.add(code.slice(1, -1));
    }
  }
  return codes;
}

describe('the words for errors', () => {
  it('exist in both languages for every code of every package', async () => {
    const codes = codesInSources();
    expect(codes.size).toBeGreaterThan(50);
    for (const language of ['en', 'ja'] as const) {
      const { byCode } = await loadErrorTexts(language);
      expect(Object.keys(byCode).filter((code) => !codes.has(code))).toEqual([]);
      expect([...codes, ...codesWithExit].filter((code) => byCode[code] === undefined)).toEqual([]);
    }
  });

  it('keep a name that others chose within their line, wherever it stands', async () => {
    const messages = await loadMessages('en');
    const name = 'Reader\njpki: VALID\u001b[2J';
    const options = { code: 'ERR_PCSC_INTERNAL', readerName: name } as const;
    for (const error of [
      new CliError('ERR_CARD_NOT_FOUND', 'insert-card', { subject: 'ab12', reason: name }),
      new CliError('ERR_CARD_NOT_FOUND', 'insert-card', { subject: name, reason: '' }),
      new PcscError(`the service failed (reader "${name}")`, options),
    ]) {
      const { message } = await reportError(error, messages);
      expect(message).not.toContain('\n');
    }
  });

  it('advise for the same remedies in both languages', async () => {
    const [en, ja] = await Promise.all([loadErrorTexts('en'), loadErrorTexts('ja')]);
    expect(Object.keys(ja.advice)).toEqual(Object.keys(en.advice));
    expect(Object.keys(ja.byCode)).toEqual(Object.keys(en.byCode));
  });
});

describe('an error', () => {
  const en = loadMessages('en');

  it('of the PC/SC service is told in the language of the person, with the reader', async () => {
    const code = 'ERR_PCSC_COMMUNICATION';
    const error = new PcscError('in English', { code, scardCode: 0x80100016, readerName: 'Desk\nReader' });
    const [english, japanese] = await Promise.all(
      (['en', 'ja'] as const).map(async (language) => reportError(error, await loadMessages(language))),
    );
    expect(english?.message).toBe(
      'the exchange with the card failed; it was probably moved or taken away (Desk\ufffdReader)',
    );
    expect(japanese?.message).toBe(
      'カードとの通信に失敗しました。カードが動いたか、取り外された可能性があります (Desk\ufffdReader)',
    );
  });

  it('of a wrong PIN ends with 4 and says the tries left', async () => {
    const report = await reportError(new PinIncorrectError('auth', 1), await en);
    expect(report).toMatchObject({
      code: 'ERR_PIN_INCORRECT',
      exitCode: 4,
      triesLeft: 1,
      remedy: 'reenter-pin',
    });
    expect(report.message).toContain('1 try left');
  });

  it('of a blocked PIN advises by PIN: the kiosk helps with the JPKI ones alone', async () => {
    const ja = await loadMessages('ja');
    for (const reference of ['sign', 'auth', 'text', 'resident'] as const) {
      const { exitCode, advice } = await reportError(new PinBlockedError(reference), ja);
      expect(exitCode).toBe(5);
      expect(advice).toContain('市区町村窓口');
      expect(advice.includes('キオスク')).toBe(reference === 'sign' || reference === 'auth');
    }
  });

  it('of a change with an unknown outcome ends with 10 and names both applications', async () => {
    const whereabouts = [
      { application: '住基AP', pin: 'new' },
      { application: '共通カードAP', pin: 'old-or-new' },
    ] as const;
    const error = new PinChangeUnknownError('resident', whereabouts, undefined, new Error('link'));
    const { exitCode, message } = await reportError(error, await en);
    expect(exitCode).toBe(10);
    expect(message).toContain('住基AP has the new one, 共通カードAP has the old or the new one');
    const ja = await reportError(error, await loadMessages('ja'));
    expect(ja.message).toContain('住基APは新しい番号、共通カードAPは元か新しい番号');
  });

  it.each([
    [new LastTryError('sign', 1), 8],
    [new PinOutcomeUnknownError(new Error('link')), 10],
    [new CardRemovedError(), 7],
    [new NotInThisVersionError('x'), 2],
    [new FileError('ERR_FILE_WRITE', 'a'), 9],
    [new CmsFormatError('x'), 7],
    [new InterruptedError(), 130],
  ])('%s has its exit code: %i', async (error, exitCode) => {
    expect((await reportError(error, await en)).exitCode).toBe(exitCode);
  });

  it('that is a fault of the program is told as one', async () => {
    for (const fault of [
      new TypeError('x is undefined'),
      Object.assign(new Error('x'), { code: 'EBADF' }),
      'text',
    ]) {
      const report = await reportError(fault, await en);
      expect(report).toMatchObject({ code: 'ERR_INTERNAL', exitCode: 70, remedy: 'report-fault' });
    }
  });
});
