import type { SignatureReport, Verdict } from '@jpki/core/cms';
import type { Finding } from '@jpki/core/trust';
import { Exit, type ExitCode } from '../exit-codes.ts';
import type { VerdictTexts } from '../locales/texts.ts';
import { signerFacts } from './signer-facts.ts';

/** How a verdict is told. */
export interface VerdictStyle {
  readonly texts: VerdictTexts;
  readonly revocationOff: boolean;
  /** Also the signer's address, birth date and sex. */
  readonly showAttributes: boolean;
}

/** The exit code of a verdict. */
export function exitOfVerdict(status: Verdict['status']): ExitCode {
  if (status === 'valid') return Exit.DONE;
  return status === 'invalid' ? Exit.INVALID : Exit.INDETERMINATE;
}

/** `signatures[]` of the JSON document; a file that is no signature stands there with its finding and no signer. */
export function verdictSignatures(file: string, verdict: Verdict, style: VerdictStyle): object[] {
  const whole = verdict.findings.length === 0 ? [] : [unsigned(file, verdict, style.texts)];
  return [...whole, ...verdict.signatures.map((signature) => signatureJson(file, signature, style))];
}

function unsigned(file: string, { status, findings }: Verdict, texts: VerdictTexts): object {
  const nothing = { signer: null, signedAt: null, format: null, level: null };
  return { file, verdict: status, ...nothing, findings: findings.map((each) => findingJson(each, texts)) };
}

function signatureJson(
  file: string,
  signature: SignatureReport,
  { texts, showAttributes }: VerdictStyle,
): object {
  const { status, findings, certificate, anchor, signingTime, level } = signature;
  const facts = signerFacts(certificate);
  const signer = facts && {
    name: facts.name ?? null,
    certificateSerial: facts.serial,
    issuer: facts.issuer ?? null,
    generation: anchor?.generation ?? null,
    ...(showAttributes && { address: facts.address, birthDate: facts.birthDate, sex: facts.sex }),
  };
  return {
    file,
    verdict: status,
    signer: signer ?? null,
    signedAt: signingTime?.toISOString() ?? null,
    format: level === undefined ? 'cms' : 'cades',
    level: level ?? null,
    findings: findings.map((each) => findingJson(each, texts)),
  };
}

/** A finding for scripts. */
export function findingJson({ code, severity, subIndication }: Finding, texts: VerdictTexts): object {
  return { code, severity, message: texts.findings[code].message, subIndication };
}

/** What every verdict has, on a signature or on a certificate. */
type Judgement = Pick<Verdict, 'status' | 'findings' | 'notChecked'>;

/** The verdict on `subject` in words for a person; `details` stand between the findings and what was not checked. */
export function judgementLines(
  subject: string,
  { status, findings, notChecked }: Judgement,
  { texts, revocationOff }: Omit<VerdictStyle, 'showAttributes'>,
  details: readonly string[] = [],
): string[] {
  const beside = revocationOff && notChecked.some(({ code }) => code === 'REVOCATION');
  const mark = beside ? ` (${texts.revocationOff})` : '';
  return [
    `${subject}: ${texts.verdicts[status]}${mark} — ${texts.meanings[status]}`,
    ...findingLines(findings, texts),
    ...details,
    ...notChecked.map(({ code }) => `  ${texts.labels.notChecked}: ${texts.notChecked[code]}`),
  ];
}

/** The verdict on a file in words for a person. */
export function verdictLines(file: string, verdict: Verdict, style: VerdictStyle): string[] {
  const details = verdict.signatures.flatMap((signature) => signatureLines(signature, style));
  return judgementLines(file, verdict, style, details);
}

function signatureLines(signature: SignatureReport, { texts, showAttributes }: VerdictStyle): string[] {
  const { certificate, anchor, signingTime, findings, level } = signature;
  const { labels, attributes, sexes } = texts;
  const facts = signerFacts(certificate);
  const shown = showAttributes ? facts : undefined;
  const rows = [
    [labels.signedBy, facts?.name ?? texts.noSigner],
    [attributes.address, shown?.address],
    [attributes.birthDate, shown?.birthDate],
    [attributes.sex, shown?.sex && sexes[shown.sex]],
    [labels.issuer, facts?.issuer],
    [labels.serial, facts?.serial],
    [labels.signedAt, signingTime?.toISOString()],
    [labels.format, level === undefined ? 'CMS' : `CAdES baseline ${level}`],
  ];
  return [
    ...rows.flatMap(([label, value]) => (value === undefined ? [] : [`  ${label}: ${value}`])),
    ...findingLines(findings, texts),
    ...hierarchyLines(anchor, texts),
  ];
}

function hierarchyLines(anchor: SignatureReport['anchor'], texts: VerdictTexts): string[] {
  const said = anchor && texts.hierarchies[anchor.hierarchy];
  return said === undefined ? [] : [`  ${said}`];
}

/** Findings for a person, with advice. */
export function findingLines(findings: readonly Finding[], texts: VerdictTexts): string[] {
  return findings.flatMap(({ code, severity }) => [
    `  ${severity === 'error' ? '✗' : '?'} ${texts.findings[code].message} [${code}]`,
    `    ${texts.findings[code].advice}`,
  ]);
}
