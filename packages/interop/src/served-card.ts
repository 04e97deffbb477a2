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
import { serveVpcd, type ServedCard as VpcdCard } from '@jpki/simulator/vpcd';
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
  const remove = await plugIn(noted(card, commands, exchanges), pcscd.slots[0]?.port ?? 0);
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
      await remove();
      await pcscd[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The card, with what it gets and gives noted. */
function noted(card: VirtualCard, commands: string[], exchanges: ServedExchange[]): VpcdCard {
  return {
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
  };
}

/** Puts a card into a slot, and waits until the driver has taken it. @returns what takes it out again */
async function plugIn(card: VpcdCard, port: number): Promise<() => Promise<void>> {
  const out = new AbortController();
  let connected = () => {};
  const taken = new Promise<void>((resolve) => {
    connected = resolve;
  });
  const served = serveVpcd(card, { port, signal: out.signal, onConnected: () => connected() });
  await Promise.race([taken, served]);
  return async () => {
    out.abort();
    await served;
  };
}
