import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { PcscBinding } from '@jpki/pcsc';
import { type PrivatePcscd, startPrivatePcscd } from '../private-pcscd.ts';
import { run } from '../run.ts';
import { ScriptedCard } from '../scripted-card.ts';
import { repositoryFolder } from '../shared-folder.ts';
import { ContractAnswers } from './contract-card.ts';
import { type ContractWorld, Watched } from './subject.ts';

/** Most bytes in a frame of vpcd, which counts them in two bytes. */
const LONGEST_FRAME = 65_535;

/** Milliseconds in which a program of the suite must have ended by itself. */
const PROGRAM_DEADLINE = 60_000;

/** Two services: the client library of PC/SC reads once per process where the service is, so all bindings share them. */
export interface RealServices extends AsyncDisposable {
  readonly pcscd: PrivatePcscd;
  /** One without any reader. */
  readonly empty: PrivatePcscd;
}

/** Starts them and points this process at the first. */
export async function startRealServices(): Promise<RealServices> {
  const [pcscd, empty] = await Promise.all([startPrivatePcscd(), startPrivatePcscd({ slots: 0 })]);
  Object.assign(process.env, pcscd.environment);
  return {
    pcscd,
    empty,
    async [Symbol.asyncDispose]() {
      await pcscd[Symbol.asyncDispose]();
      await empty[Symbol.asyncDispose]();
    },
  };
}

/** The built package of this name, for programs of their own. */
export function builtPackage(folder: string): string {
  return pathToFileURL(join(repositoryFolder, folder, 'dist/index.js')).href;
}

/** Runs a module's text, as a user's program would run. */
export function runModule(text: string, env: Readonly<Record<string, string>> = {}): ReturnType<typeof run> {
  return run(process.execPath, ['--input-type=module', '-e', text], { timeout: PROGRAM_DEADLINE, env });
}

/**
 * A binding before a real pcscd with two vpcd slots, and a card in the first.
 *
 * @param exportName name of the function of `@jpki/pcsc` that makes the binding, for programs of their own.
 */
export function realWorld(
  { pcscd, empty }: RealServices,
  binding: PcscBinding,
  exportName: string,
): ContractWorld {
  const [first = '', second = ''] = pcscd.slots.map(({ readerName }) => readerName);
  const card = new ScriptedCard(pcscd.slots[0]?.port ?? 0, (command) => answers.answer(command));
  const answers = new ContractAnswers(() => card.power);
  return {
    binding,
    readers: [first, second],
    card,
    longest: LONGEST_FRAME,
    atrAttribute: false,
    stopService: () => pcscd.stop(),
    startService: () => pcscd.start(),
    runProgram: (body, { readers } = {}) =>
      runModule(
        `import { ${exportName} } from ${JSON.stringify(builtPackage('packages/pcsc'))};
         const binding = ${exportName}();
         const reader = ${JSON.stringify(first)};
         ${body}`,
        (readers === 'none' ? empty : pcscd).environment,
      ),
    async [Symbol.asyncDispose]() {
      if (pcscd.pid === undefined) await pcscd.start();
      // pcscd must have seen the card go before the next world brings its own.
      const watched = new Watched(binding);
      card.remove();
      await watched.untilCard(first, false);
      await watched.close();
      await card[Symbol.asyncDispose]();
    },
  };
}
