import {
  type BindingCard,
  type Disposition,
  type PcscBinding,
  type ProtocolChoice,
  ScardFailure,
  type ShareMode,
} from './binding.ts';
import { pause, type WaitLimits, within } from './deadline.ts';
import { readerAttributes } from './reader-attributes.ts';
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
  /** A binding with transactions for a card that is shared, where the usual one has none. */
  readonly sharingBinding?: PcscBinding | undefined;
  /** What becomes of a card whose connection came too late to be used. */
  readonly disposition: Disposition;
}

/** A connection, in which mode and by which binding it was made. */
export interface MadeConnection {
  readonly card: BindingCard;
  readonly share: ShareMode;
  readonly binding: PcscBinding;
}

/**
 * Connects, and waits a second for another program that has the card. Then, unless a mode was asked for, it is shared
 * with that program: some readers (Sony's RC-S300 among them) refuse exclusive use always.
 *
 * @throws {PcscError} and others of {@link pcscErrorFrom}; `signal.reason` when aborted.
 */
export async function connectCard(
  usual: PcscBinding,
  request: ConnectionRequest,
  limits: WaitLimits,
): Promise<MadeConnection> {
  const { readerName, share = 'exclusive', sharingBinding } = request;
  const sharing = usual.capabilities.transactions ? usual : sharingBinding;
  const binding = share === 'shared' ? (sharing ?? usual) : usual;
  const deadline = performance.now() + SHARING_PATIENCE;
  try {
    for (;;) {
      try {
        return await connectOnce(binding, request, share, limits);
      } catch (error) {
        if (!isSharingViolation(error)) throw error;
        if (performance.now() >= deadline) {
          if (request.share !== undefined || sharing === undefined) throw error;
          break;
        }
        await pause(SHARING_RETRY_DELAY, limits.signal);
      }
    }
    return await connectOnce(sharing, request, 'shared', limits);
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
  const asked = { ...limits, question: binding.askService?.bind(binding) };
  const card = await within(binding.connect(readerName, share, protocol, limits.signal), asked, (late) => {
    late.disconnect(disposition).catch(() => undefined);
  });
  return { card, share, binding };
}

/** The ATR of a connected card as the service has it now; undefined where there is none, or no way to ask. */
export async function knownAtr(card: BindingCard): Promise<Uint8Array | undefined> {
  try {
    const atr = card.status ? (await card.status()).atr : await card.attribute?.(readerAttributes.atr);
    return atr && atr.length > 0 ? atr : undefined;
  } catch {
    // Whatever is wrong, the next command will meet it.
    return undefined;
  }
}

/** Whether a PC/SC call was refused because another program has the card. */
export function isSharingViolation(error: unknown): boolean {
  return error instanceof ScardFailure && error.scardCode === SCARD_E_SHARING_VIOLATION;
}
