import type { Language } from '../language.ts';
import type { ApduTexts } from './apdu-texts.ts';
import type { DoctorTexts } from './doctor-texts.ts';
import type { RecordTexts } from './record-texts.ts';
import type { ErrorTexts, Messages, VerdictTexts } from './texts.ts';
import type { TraceTexts } from './trace-texts.ts';

/** Loads one language, and only that one: every module costs as much at the start as a small signature. */
export async function loadMessages(language: Language): Promise<Messages> {
  return language === 'ja' ? (await import('./ja.ts')).ja : (await import('./en.ts')).en;
}

/** Loads the words for errors. */
export async function loadErrorTexts(language: Language): Promise<ErrorTexts> {
  return language === 'ja'
    ? (await import('./ja-errors.ts')).jaErrors
    : (await import('./en-errors.ts')).enErrors;
}

/** Loads the words for verdicts. */
export async function loadVerdictTexts(language: Language): Promise<VerdictTexts> {
  return language === 'ja'
    ? (await import('./ja-verdict.ts')).jaVerdict
    : (await import('./en-verdict.ts')).enVerdict;
}

/** Loads the words about what the card says of its holder. */
export async function loadRecordTexts(language: Language): Promise<RecordTexts> {
  return language === 'ja'
    ? (await import('./ja-records.ts')).jaRecords
    : (await import('./en-records.ts')).enRecords;
}

/** Loads the words of `jpki apdu`. */
export async function loadApduTexts(language: Language): Promise<ApduTexts> {
  return language === 'ja' ? (await import('./ja-apdu.ts')).jaApdu : (await import('./en-apdu.ts')).enApdu;
}

/** Loads the words of `jpki doctor`. */
export async function loadDoctorTexts(language: Language): Promise<DoctorTexts> {
  return language === 'ja'
    ? (await import('./ja-doctor.ts')).jaDoctor
    : (await import('./en-doctor.ts')).enDoctor;
}

/** Loads the words about traces. */
export async function loadTraceTexts(language: Language): Promise<TraceTexts> {
  return language === 'ja'
    ? (await import('./ja-trace.ts')).jaTrace
    : (await import('./en-trace.ts')).enTrace;
}
