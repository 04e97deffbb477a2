import { within } from '../deadline.ts';
import { isServiceFailure } from '../scard/scard-errors.ts';
import { PROTOCOL_UNDEFINED, SHARE_MODE } from '../scard/scard-numbers.ts';
import type { MiniAddon, MiniClient } from './mini-addon.ts';
import { miniFailure } from './mini-failures.ts';

/** A reader that nobody has. The service refuses it, and by that shows that it is there; its log tells the name. */
const NO_READER = 'jpki asks whether the service is there';

/** Most milliseconds for that refusal before the service counts as frozen. */
const ANSWER_TIMEOUT = 2_000;

/** Clients with a question that was not answered: the call lives in the client's memory. */
const asking: Set<MiniClient> = new Set();

/**
 * Asks the service for a sign of life, on one of libuv's threads: for systems whose service cannot be asked without the
 * addon. It reaches and leaves the service on the calling thread, so this goes first: one that is frozen then blocks
 * nothing.
 *
 * @throws {ScardFailure} when the service is not there; {@link PcscError} `ERR_PCSC_TIMEOUT` when it is frozen.
 */
export async function askThroughAddon(addon: MiniAddon): Promise<void> {
  const client = addon.newClient();
  asking.add(client);
  const asked = client.connect(NO_READER, SHARE_MODE.direct, PROTOCOL_UNDEFINED).then(
    (session) => session.disconnect(0),
    (error: unknown) => {
      const failure = miniFailure(error, 'SCardEstablishContext');
      if (isServiceFailure(failure)) throw failure;
    },
  );
  await within(
    asked.finally(() => asking.delete(client)),
    { timeout: ANSWER_TIMEOUT, subject: 'the PC/SC service' },
  );
}
