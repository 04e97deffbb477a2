import {
  type BindingCard,
  type Disposition,
  type PcscBinding,
  type ProtocolChoice,
  ScardFailure,
  type ShareMode,
} from '../binding.ts';
import { pause, type WaitLimits, within } from '../deadline.ts';
import { readerAttributes } from '../readers/reader-attributes.ts';
import { pcscErrorFrom } from '../scard/scard-errors.ts';
import {
  hasScardCode,
  SCARD_E_PROTO_MISMATCH,
  SCARD_E_SHARING_VIOLATION,
  SCARD_W_UNPOWERED_CARD,
} from '../scard/scard-numbers.ts';
import { connectWithPower, resetAndDisconnect } from './card-power.ts';

/** A sharing violation must last this many milliseconds before it counts (architecture.md 2.5). */
const SHARING_PATIENCE = 1_000;
const SHARING_RETRY_DELAY = 100;

/** How often a service that contradicts itself about a card is asked again, before it is believed. */
const MAX_REPETITIONS = 3;

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
        return await connectAmongOthers(binding, request, share, limits);
      } catch (error) {
        if (!hasScardCode(error, SCARD_E_SHARING_VIOLATION)) throw error;
        if (performance.now() >= deadline) {
          if (request.share !== undefined || sharing === undefined) throw error;
          break;
        }
        await pause(SHARING_RETRY_DELAY, limits.signal);
      }
    }
    return await connectAmongOthers(sharing, request, 'shared', limits);
  } catch (error) {
    throw pcscErrorFrom(error, readerName);
  }
}

/**
 * Connects to a card whose power another program may be taking in this moment. pcscd locks neither call, so its own notes
 * on the card can be wrong afterwards (pcsc-lite 1.9.9, winscard.c, SCardDisconnect and SCardConnect): it has no protocol
 * just then; or it has power and is noted as having none, and everybody is refused for as long as that program stays.
 */
async function connectAmongOthers(
  binding: PcscBinding,
  request: ConnectionRequest,
  share: ShareMode,
  limits: WaitLimits,
): Promise<MadeConnection> {
  for (let repetition = 0; ; repetition++) {
    try {
      return await connectOnce(binding, request, share, limits);
    } catch (error) {
      const isUnpowered = hasScardCode(error, SCARD_W_UNPOWERED_CARD);
      const isContradiction = isUnpowered || hasScardCode(error, SCARD_E_PROTO_MISMATCH);
      if (!isContradiction || share === 'direct' || repetition === MAX_REPETITIONS) throw error;
      if (isUnpowered) await powerUp(binding, request, limits);
    }
  }
}

/**
 * A reset gives a card power, and the reader itself can be connected to without any. Who was using the card all the same
 * is told that it was reset; a transaction is waited for. Whether it helped, the next connection tells.
 */
async function powerUp(binding: PcscBinding, request: ConnectionRequest, limits: WaitLimits): Promise<void> {
  try {
    const { card } = await connectOnce(binding, { ...request, disposition: 'leave' }, 'direct', limits);
    await within(resetAndDisconnect(card), limits);
  } catch (error) {
    if (!(error instanceof ScardFailure)) throw error;
  }
}

async function connectOnce(
  binding: PcscBinding,
  { readerName, protocol, disposition }: ConnectionRequest,
  share: ShareMode,
  limits: WaitLimits,
): Promise<MadeConnection> {
  const asked = { ...limits, question: binding.askService?.bind(binding) };
  const card = await within(
    connectWithPower(binding, readerName, { share, protocol }, limits.signal),
    asked,
    (late) => {
      late.disconnect(disposition).catch(() => undefined);
    },
  );
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
