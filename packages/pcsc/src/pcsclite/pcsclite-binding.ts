import type { AddonLoader } from '../addon-loader.ts';
import { threadsAtRest } from '../addon-threads.ts';
import {
  type BindingCapabilities,
  type BindingCard,
  type PcscBinding,
  type ProtocolChoice,
  type ReaderObservation,
  type ReaderObserver,
  ScardFailure,
  type ShareMode,
} from '../binding.ts';
import type { ServiceQuestion } from '../deadline.ts';
import { isServiceFailure } from '../scard/scard-errors.ts';
import { SCARD_E_NO_READERS_AVAILABLE } from '../scard/scard-numbers.ts';
import { serviceQuestion } from '../socket/service-question.ts';
import { loadPcscliteAddon, type PcscliteAddon, type PcscliteReader } from './pcsclite-addon.ts';
import { PcscliteCard, type PcscliteConnection } from './pcsclite-card.ts';
import { PcscliteObservation } from './pcsclite-observation.ts';

/**
 * The binding on the npm addon `pcsclite`, loaded when this is called and not before.
 *
 * @param load where the addon comes from; for tests. Then the machine's own service is asked nothing.
 * @throws {@link PcscError} `ERR_PCSC_BINDING_MISSING` or `ERR_PCSC_WORKER_THREAD`.
 */
export function pcscliteBinding(load?: AddonLoader): PcscBinding {
  if (load) return new PcscliteBinding(loadPcscliteAddon(load), undefined);
  shared ??= new PcscliteBinding(loadPcscliteAddon(), serviceQuestion());
  return shared;
}

/** One for the process, so that connections to the service are reused by whoever comes next. */
let shared: PcscBinding | undefined;

/**
 * Reader objects that must not be collected. The addon (1.0.1) leaves a thread number uninitialised in an object
 * that was never asked for its status, and its destructor then waits for that thread: for ever, or it crashes.
 */
const notCollectable: Set<PcscliteReader> = new Set();

/**
 * Events and cards use separate objects of the addon. An object that reports events and has a card connected
 * shares one mutex between both, and a card that computes for a second would stop the whole event loop.
 */
class PcscliteBinding implements PcscBinding {
  readonly name = 'pcsclite';
  readonly capabilities: BindingCapabilities = {
    transactions: false,
    workerThreads: false,
    reconnect: false,
    control: true,
    attributes: false,
    status: false,
    serviceNeedsReader: process.platform === 'win32',
    maxReaders: 16,
  };
  readonly askService: ServiceQuestion | undefined;
  readonly #addon: PcscliteAddon;
  readonly #observations: Set<PcscliteObservation> = new Set();
  /** Reader objects without a connection, by name: each holds a connection to the service, so they are reused. */
  readonly #idle: Map<string, PcscliteReader[]> = new Map();

  constructor(addon: PcscliteAddon, question: ServiceQuestion | undefined) {
    this.#addon = addon;
    this.askService = question;
  }

  /** Where the service is asked first, one that cannot be reached is `lost`: finding out must not block. */
  observe(observer: ReaderObserver): ReaderObservation {
    const observation = new PcscliteObservation(this.#addon, observer, this.askService);
    this.#observations.add(observation);
    const close = async () => {
      await observation.close();
      this.#observations.delete(observation);
    };
    return { close };
  }

  async connect(
    readerName: string,
    share: ShareMode,
    protocol: ProtocolChoice = 'any',
  ): Promise<BindingCard> {
    const connection = { share, protocol };
    // A thread of the pool that waits for a silent service would not even let the process exit.
    await this.askService?.();
    const idle = this.#idle.get(readerName)?.pop();
    if (idle) {
      try {
        return await this.#connect(idle, connection);
      } catch (error) {
        // Its connection to the service is from before a restart: a new object gets a new one.
        if (!isServiceFailure(error)) throw error;
      }
    }
    return this.#connect(this.#newReader(readerName), connection);
  }

  async #connect(reader: PcscliteReader, connection: PcscliteConnection): Promise<BindingCard> {
    const release = (reusable: boolean) => {
      if (reusable) this.#idle.set(reader.name, [...(this.#idle.get(reader.name) ?? []), reader]);
      else retire(reader);
    };
    try {
      return await PcscliteCard.connect(reader, connection, { release, question: this.askService });
    } catch (error) {
      release(!isServiceFailure(error));
      throw error;
    }
  }

  /** The addon exports no class of readers; every reader it reports is an instance of it. */
  #newReader(readerName: string): PcscliteReader {
    for (const { anyReader } of this.#observations) {
      if (!anyReader) continue;
      const reader = Reflect.construct(anyReader.constructor, [readerName]) as PcscliteReader;
      notCollectable.add(reader);
      return reader;
    }
    throw new ScardFailure(SCARD_E_NO_READERS_AVAILABLE, 'SCardConnect');
  }
}

/** Lets go of a reader object: one question for its status and a close make it safe to be collected. */
function retire(reader: PcscliteReader): void {
  let answered = false;
  reader.get_status(() => {
    if (answered) return;
    answered = true;
    setImmediate(async () => {
      await threadsAtRest();
      reader.close();
      notCollectable.delete(reader);
    });
  });
}
