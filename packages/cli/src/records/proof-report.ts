import type { Proof } from '@jpki/applets';
import { Exit, type ExitCode } from '../exit-codes.ts';
import type { RecordTexts } from '../locales/record-texts.ts';

/** The exit code for what was shown: proven, or marked as unproven. What is forged never comes here. */
export function exitOfProof({ status }: Proof): ExitCode {
  return status === 'verified' ? Exit.DONE : Exit.INDETERMINATE;
}

/** `verified` and why not, for scripts. */
export function proofDocument({ status, findings, hierarchy }: Proof, texts: RecordTexts): object {
  return {
    verified: status === 'verified',
    hierarchy: hierarchy ?? null,
    findings: findings.map(({ code }) => ({ code, message: texts.findings[code].message })),
  };
}

/** Whether it is genuine, and why not, for a person. */
export function proofLines({ status, findings, hierarchy }: Proof, texts: RecordTexts): string[] {
  const said = hierarchy === undefined ? undefined : texts.hierarchies[hierarchy];
  return [
    status === 'verified' ? texts.verified : texts.unverified,
    ...findings.flatMap(({ code }) => [
      `  ? ${texts.findings[code].message} [${code}]`,
      `    ${texts.findings[code].advice}`,
    ]),
    ...(said === undefined ? [] : [said]),
  ];
}
