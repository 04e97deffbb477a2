import { fromHex, toHex } from '@jpki/iso7816';
import { type BindingCard, type PcscBinding, ScardFailure } from '@jpki/pcsc';

/** SCARD_E_UNSUPPORTED_FEATURE, and CM_IOCTL_GET_FEATURE_REQUEST as pcsc-lite and Windows number it. */
const UNSUPPORTED = 0x8010001f;
const FEATURE_REQUESTS: ReadonlySet<number> = new Set([0x42000d48, 0x313520]);

/** What a reader and its card answer, all in hexadecimal. */
export interface Script {
  /** Responses to commands; any other command gets 6D00. */
  readonly answers: Readonly<Record<string, string>>;
  readonly attributes?: ReadonlyMap<number, string>;
  /** Responses to control codes, `features` to the question for them. */
  readonly features?: string;
  readonly controls?: ReadonlyMap<number, string>;
}

/** A way to PC/SC with readers of these names, a card in each, and what was called. */
export function scriptedReaders(
  names: readonly string[],
  script: Script,
): PcscBinding & { readonly calls: string[] } {
  const calls: string[] = [];
  const answered = async (answer: string | undefined): Promise<Uint8Array> => {
    if (answer === undefined) throw new ScardFailure(UNSUPPORTED, 'a call to a scripted reader');
    return fromHex(answer);
  };
  const card: BindingCard = {
    protocol: 'T=1',
    transmit: async (command) => {
      calls.push(toHex(command));
      return fromHex(script.answers[toHex(command)] ?? '6D00');
    },
    begin: async () => void calls.push('begin'),
    end: async () => void calls.push('end'),
    disconnect: async (disposition) => void calls.push(disposition),
    attribute: (id) => answered(script.attributes?.get(id)),
    control: (code) => answered(FEATURE_REQUESTS.has(code) ? script.features : script.controls?.get(code)),
  };
  const present = { cardPresent: true, unresponsive: false, atr: fromHex('3B80800101'), changes: 1 };
  return {
    name: 'scripted',
    calls,
    capabilities: {
      transactions: true,
      workerThreads: true,
      reconnect: false,
      control: true,
      attributes: true,
      maxReaders: names.length,
    },
    observe: (observer) => {
      queueMicrotask(() => observer.update(names.map((name) => ({ name, ...present }))));
      return { close: async () => undefined };
    },
    connect: async (name, share) => {
      calls.push(`${share} ${name}`);
      return card;
    },
  };
}
