import type { AddonLoader } from '../addon-loader.ts';
import type {
  BindingCapabilities,
  BindingCard,
  PcscBinding,
  ProtocolChoice,
  ReaderObservation,
  ReaderObserver,
  ShareMode,
} from '../binding.ts';
import type { ServiceQuestion } from '../deadline.ts';
import { serviceQuestion } from '../socket/service-question.ts';
import { loadMiniAddon } from './mini-addon.ts';
import { MiniCard } from './mini-card.ts';
import { MiniObservation } from './mini-observation.ts';
import type { MiniParts } from './mini-parts.ts';
import { OutputBuffers } from './output-buffers.ts';

/**
 * The binding on the prebuilt npm addon `pcsc-mini`, loaded when this is called and not before. It needs no
 * compiler, works on Windows and macOS too, and in worker threads.
 *
 * What its user should know (pcsc-mini 0.1.3): it sees four readers and no more; where there is no reader at all,
 * the first answer takes a quarter of a second; a wait for somebody else's transaction occupies one of libuv's
 * threads; each call leaves some 150 bytes behind.
 *
 * @param load where the addon comes from; for tests. Then the machine's own service is asked nothing beside it.
 * @throws {@link PcscError} `ERR_PCSC_BINDING_MISSING` where the package or its file for this platform is absent.
 */
export function miniBinding(load?: AddonLoader): PcscBinding {
  const buffers = new OutputBuffers();
  if (load) return new MiniBinding({ addon: loadMiniAddon(load), buffers });
  shared ??= new MiniBinding({ addon: loadMiniAddon(), buffers, question: serviceQuestion() });
  return shared;
}

/** One for the thread, so that the output buffers are used again by whoever comes next. */
let shared: PcscBinding | undefined;

class MiniBinding implements PcscBinding {
  readonly name = 'pcsc-mini';
  readonly capabilities: BindingCapabilities = {
    transactions: true,
    workerThreads: true,
    reconnect: true,
    control: true,
    attributes: true,
    status: true,
    serviceNeedsReader: process.platform === 'win32',
    maxReaders: 4,
  };
  readonly askService: ServiceQuestion | undefined;
  readonly #parts: MiniParts;

  constructor(parts: MiniParts) {
    this.#parts = parts;
    this.askService = parts.question;
  }

  /** Reports a service that cannot be reached as `lost`, not by throwing: finding out must not block. */
  observe(observer: ReaderObserver): ReaderObservation {
    return new MiniObservation(this.#parts, observer);
  }

  async connect(readerName: string, share: ShareMode, protocol?: ProtocolChoice): Promise<BindingCard> {
    // A thread of the pool that waits for a silent service would not even let the process exit.
    await this.askService?.();
    return MiniCard.connect(this.#parts, readerName, share, protocol);
  }
}
