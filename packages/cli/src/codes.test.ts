import { FINDINGS } from '@jpki/core/trust';
import { describe, expect, it } from 'vitest';
import { DOCTOR_FINDINGS } from './doctor/finding.ts';
import { exitCodeOf } from './exit-codes.ts';
import type { DoctorSentence } from './locales/doctor-texts.ts';
import { loadDoctorTexts, loadErrorTexts, loadRecordTexts, loadVerdictTexts } from './locales/messages.ts';
import type { ErrorTexts, Facts, Sentence } from './locales/texts.ts';

/** Placeholders, as the documentation shows them. */
const FACTS: Facts = {
  subject: 'FILE',
  reason: 'REASON',
  pin: 'PIN',
  reference: 'sign',
  triesLeft: 1,
  whereabouts: [{ application: 'APPLICATION', pin: 'old-or-new' }],
  detail: '…',
};

function sentence(text: Sentence | undefined): string {
  return typeof text === 'function' ? text(FACTS) : (text ?? '');
}

/** The same for what `jpki doctor` finds. */
function diagnosis(text: DoctorSentence | undefined): string {
  const facts = {
    subject: 'SUBJECT',
    detail: 'DETAIL',
    name: 'NAME',
    platform: 'linux',
    left: 1,
    max: 3,
  } as const;
  return typeof text === 'function' ? text(facts) : (text ?? '');
}

function joined(...texts: readonly (Sentence | undefined)[]): string {
  return texts.map(sentence).filter(Boolean).join(' — ');
}

/** A heading and a paragraph for each language. */
function section(title: string, words: readonly string[]): string[] {
  return [`### ${title}`, '', ...words.flatMap((each) => [each, ''])];
}

function errorRows(en: ErrorTexts, ja: ErrorTexts): string[] {
  return Object.keys(en.byCode).flatMap((code) => {
    const words = [en, ja].map(({ byCode }) => joined(byCode[code]?.message, byCode[code]?.advice));
    return section(`\`${code}\` — exit ${exitCodeOf(code)}`, words);
  });
}

describe('the list of codes', () => {
  it('is made from the source (vitest -u writes it)', async () => {
    const [enErrors, jaErrors] = await Promise.all([loadErrorTexts('en'), loadErrorTexts('ja')]);
    const [en, ja] = await Promise.all([loadVerdictTexts('en'), loadVerdictTexts('ja')]);
    const findingRows = Object.entries(FINDINGS).flatMap(([code, [severity, subIndication]]) => {
      const words = Object.entries({ en, ja }).map(([, { findings }]) => {
        const found = Object.entries(findings).find(([each]) => each === code)?.[1];
        return joined(found?.message, found?.advice);
      });
      const effect = severity === 'error' ? 'invalid' : 'indeterminate';
      return section(`\`${code}\` — ${effect} (${subIndication})`, words);
    });
    const [enRecords, jaRecords] = await Promise.all([loadRecordTexts('en'), loadRecordTexts('ja')]);
    const proofRows = Object.keys(enRecords.findings).flatMap((code) => {
      const words = [enRecords, jaRecords].map(({ findings }) => {
        const found = Object.entries(findings).find(([each]) => each === code)?.[1];
        return joined(found?.message, found?.advice);
      });
      return section(`\`${code}\``, words);
    });
    const [enDoctor, jaDoctor] = await Promise.all([loadDoctorTexts('en'), loadDoctorTexts('ja')]);
    const doctorRows = Object.entries(DOCTOR_FINDINGS).flatMap(([code, severity]) => {
      const words = [enDoctor, jaDoctor].map(({ findings }) => {
        const found = Object.entries(findings).find(([each]) => each === code)?.[1];
        return [diagnosis(found?.message), diagnosis(found?.remedy)].filter(Boolean).join(' — ');
      });
      return section(`\`${code}\` — ${severity}`, words);
    });
    const page = [
      '# Codes of the `jpki` command',
      '',
      'Made from the source. Codes are stable, sentences are not.',
      '',
      '## Errors',
      '',
      ...errorRows(enErrors, jaErrors),
      '## Findings of `jpki verify`',
      '',
      ...findingRows,
      '## Findings about what a card says of its holder (`attributes`, `my-number`, `face`, `card-face`)',
      '',
      ...proofRows,
      '## Findings of `jpki doctor`',
      '',
      ...doctorRows,
    ];
    await expect(page.join('\n')).toMatchFileSnapshot('../CODES.md');
  });
});
