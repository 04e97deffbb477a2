import type { Certificate } from '@jpki/core';
import type { Argv, CommandModule } from 'yargs';
import { AtomicFile } from '../atomic-file.ts';
import { CERTIFICATE_NAMES, type CertificateName, keyOf, readCardCertificate } from '../card-certificates.ts';
import { CERTIFICATE_FORMATS, certificateDocument, certificateLines, pemOf } from '../certificate-forms.ts';
import { UsageError } from '../errors.ts';
import { loadVerdictTexts } from '../locales/messages.ts';
import { type CommonOptions, commonArguments } from '../options.ts';
import { commandSignal, type Program } from '../program.ts';
import { trustFrom } from '../verifying/trust-option.ts';
import { exitOfVerdict, findingJson, judgementLines } from '../verifying/verdict-report.ts';
import { type CertificateVerdict, verifyCertificate } from '../verifying/verify-certificate.ts';

interface CertOptions {
  readonly certificate: CertificateName;
  readonly format: (typeof CERTIFICATE_FORMATS)[number];
  readonly output: string | undefined;
  readonly force: boolean;
  readonly verify: boolean;
  readonly trust: string[];
  readonly revocation: 'off' | undefined;
}

/** `jpki cert`: a certificate off the card, and what it is worth. */
export function certCommand(program: Program): CommandModule<object, CertOptions> {
  const { commands, options } = program.messages.help;
  return {
    command: 'cert <certificate>',
    describe: commands.cert,
    builder: (yargs: Argv): Argv<CertOptions> =>
      yargs
        .positional('certificate', {
          choices: CERTIFICATE_NAMES,
          demandOption: true,
          describe: options.certificate,
        })
        .option('format', {
          choices: CERTIFICATE_FORMATS,
          default: 'text' as const,
          requiresArg: true,
          describe: options.format,
        })
        .option('output', { alias: 'o', type: 'string', requiresArg: true, describe: options.output })
        .option('force', { type: 'boolean', default: false, describe: options.force })
        .option('verify', { type: 'boolean', default: false, describe: options.verify })
        .option('trust', { type: 'string', array: true, default: [], describe: options.trust })
        .option('revocation', { choices: ['off'] as const, requiresArg: true, describe: options.revocation }),
    handler: (args) => cert(program, args, commonArguments(args)),
  };
}

async function cert(program: Program, options: CertOptions, common: CommonOptions): Promise<void> {
  if (options.format === 'der' && options.output === undefined && process.stdout.isTTY) {
    throw new UsageError('--format der: -o FILE');
  }
  const signal = commandSignal(program, common);
  // Before the card, so that a file that cannot be read costs no PIN.
  if (options.verify) await trustFrom(options.trust);
  const file =
    options.output === undefined
      ? undefined
      : await AtomicFile.create(options.output, { replace: options.force });
  try {
    const request = { name: options.certificate, withCa: options.verify, common, signal };
    const { certificate, ca, at } = await readCardCertificate(program, request);
    const revocationOff = options.revocation === 'off';
    // And after it: a virtual card's CA may have been made just now.
    const trust = options.verify ? await trustFrom(options.trust) : undefined;
    const verdict =
      trust &&
      verifyCertificate(certificate, {
        candidates: ca ? [ca] : [],
        purpose: keyOf(options.certificate),
        trust,
        revocationOff,
        at,
      });
    await file?.write(rendered(certificate, options, program));
    await file?.commit();
    await tell(program, options, certificate, verdict);
    if (verdict) program.exitCode = exitOfVerdict(verdict.status);
  } finally {
    await file?.[Symbol.asyncDispose]();
  }
}

function rendered(certificate: Certificate, { format }: CertOptions, { messages }: Program): Uint8Array {
  if (format === 'der') return certificate.der;
  if (format === 'pem') return Buffer.from(pemOf(certificate.der));
  if (format === 'json') return Buffer.from(`${JSON.stringify(certificateDocument(certificate), null, 2)}\n`);
  return Buffer.from(`${certificateLines(certificate, messages.card).join('\n')}\n`);
}

/** The certificate goes to stdout unless a file took it; the verdict goes to the person, or into the document. */
async function tell(
  program: Program,
  options: CertOptions,
  certificate: Certificate,
  verdict: CertificateVerdict | undefined,
): Promise<void> {
  const { output, messages } = program;
  const texts = await loadVerdictTexts(messages.language);
  const style = { texts, revocationOff: options.revocation === 'off' };
  if (output.json) {
    const verification = verdict && {
      verdict: verdict.status,
      findings: verdict.findings.map((finding) => findingJson(finding, texts)),
      notChecked: verdict.notChecked,
    };
    output.document({ certificate: certificateDocument(certificate), ...(verification && { verification }) });
    return;
  }
  if (options.output === undefined) output.bytes(rendered(certificate, options, program));
  if (verdict) for (const line of judgementLines(options.certificate, verdict, style)) output.say(line);
}
