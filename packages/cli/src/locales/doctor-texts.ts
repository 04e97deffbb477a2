import type { DoctorCode, DoctorFacts, Severity } from '../doctor/finding.ts';

/** A sentence, or one that is filled with facts. */
export type DoctorSentence = string | ((facts: Required<DoctorFacts>) => string);

/** One finding in one language; the remedy is one line, and absent where there is nothing to do. */
export interface DoctorText {
  readonly message: DoctorSentence;
  readonly remedy?: DoctorSentence;
}

/** Words of `jpki doctor`. */
export interface DoctorTexts {
  readonly severities: Readonly<Record<Severity, string>>;
  readonly findings: Readonly<Record<DoctorCode, DoctorText>>;
  readonly summary: (problems: number, warnings: number) => string;
}
