import { fromHex, toHex } from '@jpki/iso7816';
import { openSimulatorPki } from '../src/test-pki/simulator-pki.ts';
import { openVirtualCard, type VirtualCard, type VirtualCardOptions } from '../src/virtual-card.ts';
import { sharedPkiFolder } from './shared-pki.ts';

/** SELECT of the 公的個人認証AP and of the card manager. */
export const SELECT_JPKI = '00A4040C0AD392F000260100000001';
export const SELECT_ISD = '00A4040C07A0000001510000';

/** VERIFY of the public PINs by short EF identifier. */
export const VERIFY_AUTH = '00200098 04 31323334';
export const VERIFY_SIGN = '0020009B 06 414243313233';

/** A card and a way to talk to it in hex. */
export interface CardAtHand {
  readonly card: VirtualCard;
  /** Sends one command; the answer in hex, status word last. */
  readonly send: (command: string) => Promise<string>;
  /** Sends commands one after another; the status words. */
  readonly words: (...commands: readonly string[]) => Promise<string[]>;
}

/** Makes cards of one PKI, whose keys all test files share. */
export async function cardMaker(): Promise<
  (options?: Omit<VirtualCardOptions, 'pki'>) => Promise<CardAtHand>
> {
  const pki = await openSimulatorPki({ folder: sharedPkiFolder() });
  return async (options = {}) => {
    const card = await openVirtualCard({ ...options, pki });
    const send = async (command: string) => toHex(await card.transmit(fromHex(command)));
    const words = async (...commands: readonly string[]) => {
      const all: string[] = [];
      for (const command of commands) all.push((await send(command)).slice(-4));
      return all;
    };
    return { card, send, words };
  };
}
