import type { CommandModule } from 'yargs';
import { identityOf } from '../card/card-identity.ts';
import { useCard } from '../card/use-card.ts';
import { type CardFacts, cardValidityOf, readCardFacts, validityOf } from '../card-facts.ts';
import { pinLines } from '../card-lines.ts';
import { japaneseDate } from '../certificate-forms.ts';
import type { CardTexts } from '../locales/texts.ts';
import { commonArguments, IDLE, leaveOut } from '../options.ts';
import { oneLine } from '../output.ts';
import { commandSignal, type Program } from '../program.ts';

/** `jpki status`: what can be known of the card without a PIN. */
export function statusCommand(program: Program): CommandModule {
  return {
    command: 'status',
    describe: program.messages.help.commands.status,
    builder: (yargs) => leaveOut(yargs, IDLE.pinless),
    handler: (args) => status(program, commonArguments(args)),
  };
}

async function status(program: Program, common: ReturnType<typeof commonArguments>): Promise<void> {
  const { output, messages } = program;
  const signal = commandSignal(program, common);
  const { reader, facts, now } = await useCard(program, common, signal, async ({ card, reader }) => ({
    reader,
    facts: await readCardFacts(card, signal),
    now: card.circumstances.now(),
  }));
  if (output.json) output.document(statusDocument(facts, now));
  else for (const line of statusLines(reader, facts, now, messages.card)) output.line(line);
}

function statusDocument(facts: CardFacts, now: Date): object {
  const { token, applications, availability, pins, cardExpiry, authCertificate } = facts;
  return {
    cardKind: token.kind,
    token: token.label,
    applications,
    certificates: { sign: availability.sign, auth: availability.auth },
    pins,
    card: cardExpiry === undefined ? null : cardValidityOf(cardExpiry),
    cardId: authCertificate === undefined ? null : identityOf(authCertificate.der),
    authCertificate: authCertificate === undefined ? null : validityOf(authCertificate, now),
  };
}

function statusLines(reader: string, facts: CardFacts, now: Date, texts: CardTexts): string[] {
  const { labels, kinds, certificates } = texts;
  const { token, applications, availability, pins, authCertificate } = facts;
  const presence = (there: boolean) => (there ? texts.present : texts.absent);
  return [
    `${labels.reader}: ${oneLine(reader)}`,
    `${labels.card}: ${kinds[token.kind] ?? token.kind} (${token.label})`,
    ...cardValidityLines(facts.cardExpiry, texts),
    ...(authCertificate ? [`  ${labels.cardId}: ${shortIdentity(authCertificate.der)}`] : []),
    `${labels.applications}:`,
    ...applications.map((name) => `  ${texts.applications[name] ?? name}`),
    `${labels.certificates}:`,
    `  ${certificates.sign}: ${presence(availability.sign)}`,
    `  ${certificates.auth}: ${presence(availability.auth)}`,
    `${labels.pins}:`,
    ...pinLines(pins, texts).map((line) => `  ${line}`),
    ...(authCertificate ? validityLines(validityOf(authCertificate, now), now, texts) : []),
  ];
}

/** Digits of the identity shown to a person: enough to name a card by. */
const SHOWN_DIGITS = 16;

/** As it stands in `--card pcsc:sha256=…`. */
function shortIdentity(certificate: Uint8Array): string {
  return `sha256=${identityOf(certificate).slice(0, SHOWN_DIGITS)}`;
}

function cardValidityLines(cardExpiry: string | undefined, { labels }: CardTexts): string[] {
  if (cardExpiry === undefined) return [];
  const { expiry, renewableFrom } = cardValidityOf(cardExpiry);
  return [`  ${labels.cardExpiry}: ${expiry} (${labels.renewableFrom}: ${renewableFrom})`];
}

function validityLines(validity: ReturnType<typeof validityOf>, now: Date, texts: CardTexts): string[] {
  const { notBefore, notAfter, daysLeft, serial } = validity;
  const left = Date.parse(notAfter) < now.getTime() ? texts.expired : texts.daysLeft(daysLeft);
  return [
    `${texts.labels.validity}:`,
    `  ${japaneseDate(Date.parse(notBefore))} – ${japaneseDate(Date.parse(notAfter))} (${left})`,
    `  ${texts.labels.renewableFrom}: ${validity.renewableFrom}`,
    `  ${texts.labels.serial}: ${serial}`,
  ];
}
