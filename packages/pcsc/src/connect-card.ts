import {
  type BindingCard,
  type Disposition,
  type PcscBinding,
  type ProtocolChoice,
  ScardFailure,
  type ShareMode,
} from './binding.ts';
import { pause, type WaitLimits, within } from './deadline.ts';
import { SCARD_E_SHARING_VIOLATION } from './scard-conditions.ts';
import { pcscErrorFrom } from './scard-errors.ts';

/** A sharing violation must last this many milliseconds before it counts (architecture.md 2.5). */
const SHARING_PATIENCE = 1_000;
const SHARING_RETRY_DELAY = 100;

/** Which connection is wanted. */
export interface ConnectionRequest {
  readonly readerName: string;
  /** Without it exclusive, or shared where only that can be had and transactions keep others out. */
  readonly share: ShareMode | undefined;
  readonly protocol: ProtocolChoice | undefined;
  /** What becomes of a card whose connection came too late to be used. */
  readonly disposition: Disposition;
}

/** A connection, and in which mode it was made. */
export interface MadeConnection {
  readonly card: BindingCard;
  readonly share: ShareMode;
}

/**
 * Connects, and waits a second for another program that has the card. Then, unless a mode was asked for, it is shared
 * with that program: some readers (Sony's RC-S300 among them) refuse exclusive use always.
 *
 * @throws {PcscError} and others of {@link pcscErrorFrom}; `signal.reason` when aborted.
 */
export async function connectCard(
  binding: PcscBinding,
  request: ConnectionRequest,
  limits: WaitLimits,
): Promise<MadeConnection> {
  const { readerName, share = 'exclusive' } = request;
  const mayShare = request.share === undefined && binding.capabilities.transactions;
  const deadline = performance.now() + SHARING_PATIENCE;
  for (;;) {
    try {
      return await connectOnce(binding, request, share, limits);
    } catch (error) {
      if (!isSharingViolation(error)) throw pcscErrorFrom(error, readerName);
      if (performance.now() >= deadline && mayShare) break;
      if (performance.now() >= deadline) throw pcscErrorFrom(error, readerName);
      await pause(SHARING_RETRY_DELAY, limits.signal);
    }
  }
  try {
    return await connectOnce(binding, request, 'shared', limits);
  } catch (error) {
    throw pcscErrorFrom(error, readerName);
  }
}

async function connectOnce(
  binding: PcscBinding,
  { readerName, protocol, disposition }: ConnectionRequest,
  share: ShareMode,
  limits: WaitLimits,
): Promise<MadeConnection> {
  const card = await within(binding.connect(readerName, share, protocol), limits, (late) => {
    late.disconnect(disposition).catch(() => undefined);
  });
  return { card, share };
}

/** Whether a PC/SC call was refused because another program has the card. */
export function isSharingViolation(error: unknown): boolean {
  return error instanceof ScardFailure && error.scardCode === SCARD_E_SHARING_VIOLATION;
}
