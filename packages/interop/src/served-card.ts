import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toHex } from '@jpki/iso7816';
import {
  openSimulatorPki,
  openVirtualCard,
  type PersonaName,
  type SimulatorPki,
  type VirtualCard,
} from '@jpki/simulator';
import { serveVpcd } from '@jpki/simulator/vpcd';
import { type PrivatePcscd, type PrivatePcscdOptions, startPrivatePcscd } from './private-pcscd.ts';

/** One APDU and the card's response to it, hex. */
export interface ServedExchange {
  readonly command: string;
  readonly response: string;
}

/** A virtual card in a reader of a real PC/SC service, with what a test needs around it. */
export interface ServedCard extends AsyncDisposable {
  readonly pcscd: PrivatePcscd;
  readonly card: VirtualCard;
  readonly pki: SimulatorPki;
  /** Scratch folder, removed at the end. */
  readonly folder: string;
  /** Every command APDU the card got, hex, in order; empty it as you like. */
  readonly commands: string[];
  /** The same with the card's responses, each once it was given. */
  readonly exchanges: ServedExchange[];
  /** For child processes: the service and the PKI. */
  readonly environment: Readonly<Record<string, string>>;
  /** Writes a file into the scratch folder; returns its path. */
  save(name: string, bytes: Uint8Array | string): Promise<string>;
}

/** Starts a private pcscd and puts the virtual card of a persona into its first reader. */
export async function serveCard(
  persona: PersonaName = 'adult',
  options: PrivatePcscdOptions = {},
): Promise<ServedCard> {
  const folder = await mkdtemp(join(tmpdir(), 'jpki-served-'));
  const pki = await openSimulatorPki({ folder: join(folder, 'pki') });
  const card = await openVirtualCard({ persona, pki });
  const pcscd = await startPrivatePcscd(options);
  const commands: string[] = [];
  const exchanges: ServedExchange[] = [];
  const abort = new AbortController();
  let resolve = () => {};
  const connected = new Promise<void>((taken) => {
    resolve = taken;
  });
  const served = serveVpcd(
    {
      atr: card.atr,
      transmit: async (command) => {
        commands.push(toHex(command));
        const response = await card.transmit(command);
        exchanges.push({ command: toHex(command), response: toHex(response) });
        return response;
      },
      powerOn: () => card.powerOn(),
      powerOff: () => card.powerOff(),
      reset: () => card.reset(),
    },
    { port: pcscd.slots[0]?.port ?? 0, signal: abort.signal, onConnected: () => resolve() },
  );
  await Promise.race([connected, served]);
  return {
    pcscd,
    card,
    pki,
    folder,
    commands,
    exchanges,
    environment: {
      ...pcscd.environment,
      JPKI_SIM_PKI: join(folder, 'pki'),
      XDG_CACHE_HOME: join(folder, 'cache'),
    },
    save: async (name, bytes) => {
      const path = join(folder, name);
      await writeFile(path, bytes);
      return path;
    },
    async [Symbol.asyncDispose]() {
      abort.abort();
      await served;
      await pcscd[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
