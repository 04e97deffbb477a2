import type { CardChannel } from '@jpki/iso7816';
import { gentleConnection } from '../card/gentle-connection.ts';
import { readersNamed } from '../card/reader-name.ts';
import { codeOf } from '../error-code.ts';
import { type Holder, holders } from './card-holders.ts';
import { checkMissingReader } from './driver-checks.ts';
import { type DoctorFinding, doctorFinding, failureFinding } from './finding.ts';
import { serviceManager, socketPath } from './service-checks.ts';
import type { ExaminedPcsc, Surroundings } from './surroundings.ts';

/** Looks at a card that we have for ourselves; closes nothing. */
export type CardExamination = (channel: CardChannel, reader: string) => Promise<DoctorFinding[]>;

/** What is looked at, and how. */
export interface ReaderExamination {
  /** A reader's name or a part of it, where `--card` gives one. */
  readonly wanted: string | undefined;
  readonly examineCard: CardExamination;
  readonly signal: AbortSignal;
}

/** Milliseconds for the service, and for a card to be powered up. */
const TIMEOUT = 10_000;

/** The way to PC/SC, the readers and the cards in them. */
export async function checkReaders(
  surroundings: Surroundings,
  examination: ReaderExamination,
): Promise<DoctorFinding[]> {
  let pcsc: ExaminedPcsc;
  try {
    pcsc = await surroundings.openPcsc(examination.signal);
  } catch (error) {
    examination.signal.throwIfAborted();
    return [openingFailure(error)];
  }
  try {
    const binding = await bindingFinding(pcsc.binding.name, surroundings);
    return [binding, ...(await examineReaders(pcsc, surroundings, examination))];
  } finally {
    await pcsc.close();
  }
}

function openingFailure(error: unknown): DoctorFinding {
  return failureFinding(
    codeOf(error) === 'ERR_PCSC_BINDING_MISSING' ? 'BINDING_MISSING' : 'SERVICE_FAILED',
    error,
  );
}

/** The addon where it loads; what stands in for it, and why. */
async function bindingFinding(name: string, surroundings: Surroundings): Promise<DoctorFinding> {
  const isUsual = surroundings.platform === 'linux' ? name === 'pcsclite' : name !== 'socket';
  if (isUsual) return doctorFinding('BINDING', { subject: name });
  const detail = await surroundings.addonFailure();
  if (detail === undefined) return doctorFinding('BINDING', { subject: name });
  return doctorFinding('BINDING_FALLBACK', { subject: name, detail: detail.split('\n', 1)[0] ?? '' });
}

async function examineReaders(
  pcsc: ExaminedPcsc,
  surroundings: Surroundings,
  { wanted, examineCard, signal }: ReaderExamination,
): Promise<DoctorFinding[]> {
  let all: Awaited<ReturnType<ExaminedPcsc['readers']>>;
  try {
    all = await pcsc.readers({ signal, timeout: TIMEOUT });
  } catch (error) {
    signal.throwIfAborted();
    return listingFailure(error, surroundings);
  }
  const readers = readersNamed(all, wanted);
  if (readers.length === 0)
    return [doctorFinding('NO_READER', { subject: wanted ?? '' }), ...checkMissingReader(surroundings)];
  const found = [doctorFinding('READERS', { subject: readers.map(({ name }) => name).join(', ') })];
  const full = readers.filter(({ cardPresent }) => cardPresent);
  if (full.length === 0) return [...found, doctorFinding('NO_CARD')];
  const cards = await Promise.all(
    full.map(({ name, unresponsive }) =>
      unresponsive
        ? [doctorFinding('CARD_UNRESPONSIVE', { subject: name })]
        : examineReader(pcsc, name, surroundings, { examineCard, signal }),
    ),
  );
  return [...found, ...withOthersApart(cards.flat())];
}

/** Beside a card of ours another card is no problem. */
function withOthersApart(cards: readonly DoctorFinding[]): DoctorFinding[] {
  const hasOurs = cards.some(({ code }) => code === 'CARD');
  const isOther = ({ code }: DoctorFinding) => code === 'CARD_OTHER' || code === 'CARD_JUKI';
  return cards.map((card) => (hasOurs && isOther(card) ? { ...card, severity: 'warning' } : card));
}

/** The service as a whole refuses. What the socket told before is not told twice. */
function listingFailure(error: unknown, surroundings: Surroundings): DoctorFinding[] {
  switch (codeOf(error)) {
    case 'ERR_PCSC_NO_ACCESS':
      return [doctorFinding('ACCESS_DENIED')];
    case 'ERR_PCSC_TIMEOUT':
      return [doctorFinding('SERVICE_HANGS', { detail: serviceManager(surroundings) })];
    case 'ERR_PCSC_NO_SERVICE':
      return [doctorFinding('SERVICE_NOT_RUNNING', { platform: surroundings.platform })];
    default:
      return [failureFinding('SERVICE_FAILED', error)];
  }
}

async function examineReader(
  pcsc: ExaminedPcsc,
  reader: string,
  surroundings: Surroundings,
  { examineCard, signal }: Pick<ReaderExamination, 'examineCard' | 'signal'>,
): Promise<DoctorFinding[]> {
  let channel: CardChannel;
  try {
    channel = await pcsc.connect(reader, { ...gentleConnection(reader), signal, timeout: TIMEOUT });
  } catch (error) {
    signal.throwIfAborted();
    return [await connectFailure(error, reader, surroundings)];
  }
  try {
    return await examineCard(channel, reader);
  } catch (error) {
    signal.throwIfAborted();
    return [failureFinding('CARD_FAILED', error, { subject: reader })];
  } finally {
    await channel[Symbol.asyncDispose]();
  }
}

async function connectFailure(
  error: unknown,
  reader: string,
  surroundings: Surroundings,
): Promise<DoctorFinding> {
  switch (codeOf(error)) {
    case 'ERR_PCSC_SHARING_VIOLATION': {
      const found = await holders(surroundings, socketPath(surroundings));
      const detail = found.map(holderText).join(', ');
      return doctorFinding('CARD_IN_USE', { subject: reader, detail });
    }
    case 'ERR_PCSC_UNRESPONSIVE_CARD':
    case 'ERR_PCSC_UNPOWERED_CARD':
      return doctorFinding('CARD_UNRESPONSIVE', { subject: reader });
    default:
      return failureFinding('CARD_FAILED', error, { subject: reader });
  }
}

function holderText({ name, processId }: Holder): string {
  return `${name} (${processId})`;
}
