import type {
  BindingCapabilities,
  BindingCard,
  PcscBinding,
  ProtocolChoice,
  ReaderObservation,
  ReaderObserver,
  ShareMode,
} from '../binding.ts';
import { MOST_READERS, READERS_BEFORE_4_6 } from './reader-states.ts';
import { questionTo } from './service-question.ts';
import type { ServiceAddress } from './session.ts';
import { SocketCard } from './socket-card.ts';
import { SocketObservation } from './socket-observation.ts';
import { socketPath } from './socket-path.ts';

/** Where the service is. */
export interface SocketBindingOptions {
  /** Path of its socket; without it `PCSCLITE_CSOCK_NAME` or `/run/pcscd/pcscd.comm`, as pcsc-lite has it. */
  readonly path?: string;
}

/**
 * The binding on pcscd's own socket, without native code: for Linux, in any thread. It speaks the protocols 4:4 to
 * 4:6 of pcsc-lite (1.8.24 and later). Nothing is opened before the first call; one connection for each
 * observation and each card, and no thread of the pool at any time.
 *
 * @throws {@link PcscError} `ERR_PCSC_BINDING_MISSING` without a path on a system that has no pcscd. Its calls
 *   reject with `ERR_PCSC_UNSUPPORTED` for a service of a protocol that is not known here, and with
 *   `ERR_PCSC_INTERNAL` for one that breaks its own.
 */
export function socketBinding(options: SocketBindingOptions = {}): PcscBinding {
  return new SocketBinding(options.path ?? socketPath());
}

class SocketBinding implements PcscBinding {
  readonly name = 'socket';
  readonly capabilities: BindingCapabilities;
  readonly #address: ServiceAddress;

  constructor(path: string) {
    const address: ServiceAddress = { path, minor: undefined };
    this.#address = address;
    this.capabilities = {
      transactions: true,
      workerThreads: true,
      reconnect: true,
      control: true,
      attributes: true,
      status: true,
      /** Known once the service was asked for the first time; until then what an older one can show. */
      get maxReaders() {
        return address.minor === 6 ? MOST_READERS : READERS_BEFORE_4_6;
      },
    };
  }

  askService(): Promise<void> {
    return questionTo(this.#address);
  }

  observe(observer: ReaderObserver): ReaderObservation {
    return new SocketObservation(this.#address, observer);
  }

  connect(
    readerName: string,
    share: ShareMode,
    protocol?: ProtocolChoice,
    signal?: AbortSignal,
  ): Promise<BindingCard> {
    return SocketCard.connect(this.#address, readerName, share, protocol, signal);
  }
}
