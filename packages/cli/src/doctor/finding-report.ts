import type { DoctorSentence, DoctorTexts } from '../locales/doctor-texts.ts';
import type { CardTexts } from '../locales/texts.ts';
import { oneLine } from '../output.ts';
import type { DoctorFacts, DoctorFinding } from './finding.ts';

/** Words of a language: those of the doctor, and the names of PINs, applications and cards. */
export interface FindingWords extends DoctorTexts {
  readonly card: CardTexts;
}

/** A finding for a script. */
export function findingDocument(finding: DoctorFinding, words: FindingWords): object {
  const { code, severity } = finding;
  return { code, severity, ...told(finding, words) };
}

/** A finding for a person; what can be done stands under it. */
export function findingLines(finding: DoctorFinding, words: FindingWords): string[] {
  const { message, remedy } = told(finding, words);
  const line = `${words.severities[finding.severity]}  ${message}`;
  return remedy === '' ? [line] : [line, `        → ${remedy}`];
}

function told({ code, facts }: DoctorFinding, words: FindingWords): { message: string; remedy: string } {
  const { message, remedy = '' } = words.findings[code];
  const filled = factsIn(facts, words.card);
  const fill = (sentence: DoctorSentence) => (typeof sentence === 'string' ? sentence : sentence(filled));
  return { message: fill(message), remedy: fill(remedy) };
}

function factsIn(facts: DoctorFacts, { pins, applications, kinds }: CardTexts): Required<DoctorFacts> {
  const { name = '' } = facts;
  const names: Readonly<Record<string, string>> = { ...kinds, ...applications };
  // `text` is an application and a PIN: a finding with a counter speaks of the PIN.
  const pinNames: Readonly<Record<string, string>> = pins;
  const spoken = (facts.left === undefined ? names[name] : pinNames[name]) ?? name;
  const defaults = { subject: '', detail: '', platform: 'linux', left: 0, max: 0 } as const;
  const told = { ...defaults, ...facts, name: spoken };
  // Names of readers and files, and whatever a driver or a system says.
  return { ...told, subject: oneLine(told.subject), detail: oneLine(told.detail) };
}
