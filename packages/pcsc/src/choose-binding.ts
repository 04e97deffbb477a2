import { isMainThread } from 'node:worker_threads';
import type { PcscBinding } from './binding.ts';
import { PcscError } from './errors.ts';

/** A way to PC/SC that comes with this package. */
export type BindingName = 'pcsclite' | 'socket' | 'pcsc-mini';

/** Where bindings come from; each part is loaded when it is called. */
export type BindingLoaders = Readonly<Record<BindingName, () => Promise<PcscBinding>>>;

const loaders: BindingLoaders = {
  pcsclite: async () => (await import('./pcsclite/pcsclite-binding.ts')).pcscliteBinding(),
  socket: async () => (await import('./socket/socket-binding.ts')).socketBinding(),
  'pcsc-mini': async () => (await import('./mini/mini-binding.ts')).miniBinding(),
};

/** What a choice depends on; tests bring their own. */
export interface ChoiceCircumstances {
  readonly platform?: NodeJS.Platform;
  /** False in a worker thread, where loading `pcsclite` would end the whole process. */
  readonly mainThread?: boolean;
  readonly loaders?: BindingLoaders;
}

/**
 * The binding of this name.
 *
 * @throws {PcscError} `ERR_PCSC_BINDING_MISSING`, `ERR_PCSC_WORKER_THREAD`; `TypeError` for any other name.
 */
export async function bindingNamed(name: BindingName): Promise<PcscBinding> {
  if (!Object.hasOwn(loaders, name)) throw new TypeError(`there is no binding "${name}"`);
  return loaders[name]();
}

/**
 * The first binding that loads, of those that suit this platform and thread.
 *
 * @throws {PcscError} `ERR_PCSC_BINDING_MISSING` with one line that says what was tried.
 */
export async function chooseBinding(circumstances: ChoiceCircumstances = {}): Promise<PcscBinding> {
  const missing: PcscError[] = [];
  for (const name of candidates(circumstances)) {
    try {
      return await (circumstances.loaders ?? loaders)[name]();
    } catch (error) {
      if (!(error instanceof PcscError) || error.code !== 'ERR_PCSC_BINDING_MISSING') throw error;
      missing.push(error);
    }
  }
  throw new PcscError(`there is no way to PC/SC: ${missing.map(({ message }) => message).join('; ')}`, {
    code: 'ERR_PCSC_BINDING_MISSING',
    remedy: 'install-driver',
    safeToRetry: true,
    cause: missing[0],
  });
}

/**
 * What a card is shared with where the chosen binding has no transactions: readers that refuse exclusive use always would
 * be of no use with the addon alone. Loads nothing native; undefined where there is no such way.
 */
export async function sharingBindingFor(
  chosen: PcscBinding,
  circumstances: ChoiceCircumstances = {},
): Promise<PcscBinding | undefined> {
  const { platform = process.platform } = circumstances;
  if (chosen.capabilities.transactions || platform !== 'linux') return undefined;
  return (circumstances.loaders ?? loaders).socket();
}

/** pcscd's socket exists on Linux only; prebuilt `pcsc-mini` needs no compiler, which no one has elsewhere. */
function candidates(circumstances: ChoiceCircumstances): readonly BindingName[] {
  const { platform = process.platform, mainThread = isMainThread } = circumstances;
  const all: readonly BindingName[] =
    platform === 'win32' || platform === 'darwin' ? ['pcsc-mini', 'pcsclite'] : ['pcsclite', 'socket'];
  return mainThread ? all : all.filter((name) => name !== 'pcsclite');
}
