import type { CardChannel } from '@jpki/iso7816';
import { parseCardUri } from '../card/card-uri.ts';
import { openCard } from '../card/open-card.ts';
import { trustFrom } from '../verifying/trust-option.ts';
import { checkCard } from './card-checks.ts';
import { checkDrivers } from './driver-checks.ts';
import { type DoctorFinding, failureFinding } from './finding.ts';
import { checkNode, checkSurroundings } from './program-checks.ts';
import { checkReaders } from './reader-checks.ts';
import { checkService } from './service-checks.ts';
import type { Surroundings } from './surroundings.ts';

/**
 * Looks at everything between this program and the card that `uri` names. Asks no PIN, spends no try, and keeps away from
 * a card that another program holds.
 *
 * @throws `signal.reason`; errors about the URI, or about the files of the virtual cards.
 */
export async function examine(
  uri: string,
  surroundings: Surroundings,
  signal: AbortSignal,
): Promise<DoctorFinding[]> {
  const parsed = parseCardUri(uri);
  const examineCard = (channel: CardChannel, reader: string) =>
    checkCard(channel, reader, { trust: everyTrust, now: surroundings.now(), signal });
  if (parsed.world !== 'pcsc')
    return [checkNode(surroundings), ...(await virtualCard(uri, examineCard, signal))];
  const service = await checkService(surroundings);
  const first = [
    checkNode(surroundings),
    ...checkSurroundings(surroundings),
    ...service,
    ...(isLocal(surroundings) ? checkDrivers(surroundings) : []),
  ];
  // Without the service there is nothing more to be learned, but for whether we could have reached it.
  if (service.some(({ severity }) => severity === 'problem')) return first;
  return [...first, ...(await checkReaders(surroundings, { wanted: parsed.reader, examineCard, signal }))];
}

/** Drivers matter where the service runs, and one behind a socket of another name may run elsewhere. */
function isLocal({ env }: Surroundings): boolean {
  return !env['PCSCLITE_CSOCK_NAME'];
}

async function virtualCard(
  uri: string,
  examineCard: (channel: CardChannel, reader: string) => Promise<DoctorFinding[]>,
  signal: AbortSignal,
): Promise<DoctorFinding[]> {
  const opened = await openCard(uri, signal);
  try {
    return await examineCard(opened.channel, opened.reader);
  } catch (error) {
    signal.throwIfAborted();
    return [failureFinding('CARD_FAILED', error, { subject: opened.reader })];
  } finally {
    await opened[Symbol.asyncDispose]();
  }
}

/** All hierarchies there are: here a CA tells which cards these are, and proves nothing. */
async function everyTrust() {
  const known = await trustFrom(['production', 'test']);
  const simulated = await trustFrom(['simulator']).catch(() => []);
  return [...known, ...simulated];
}
