import { Card, type CardChannel, type CardOptions, Pin, toHex } from '@jpki/iso7816';
import {
  accessCodes,
  openSimulatorPki,
  openVirtualCard,
  type SimulatorPki,
  type VirtualCard,
  type VirtualCardOptions,
} from '@jpki/simulator';
import { beforeAll, inject } from 'vitest';
import { type CvAnchor, parseCvAnchors } from '../src/cv/anchor.ts';
import { CARD_MANAGER_AID } from '../src/lock.ts';

/** SELECT of the card manager: the command that locks the card. */
export const LOCK = '00A4040C07A0000001510000';

/** A virtual card in a reader, with a log of what passed. */
export interface Bench {
  readonly card: Card;
  readonly virtual: VirtualCard;
  /** Every command in hex, and its status word; `----` where the link failed. */
  readonly log: { command: string; sw: string }[];
  /** The secrets of the persona, each as a fresh PIN. */
  readonly secrets: Readonly<Record<'sign' | 'auth' | 'text' | 'resident' | 'a' | 'b' | 'birth', () => Pin>>;
  /** What {@link Bench.secrets} are made of. */
  readonly codes: Readonly<Record<'a' | 'b' | 'birth', string>>;
}

/** How the virtual card behaves, and how it is talked to. */
export type InsertOptions = Omit<VirtualCardOptions, 'pki'> & { readonly card?: CardOptions };

export const pinOf = (text: string): Pin => Pin.fromBytes(Buffer.from(text));

/** Cards of the PKI whose keys all test files share. */
export function benches(): {
  readonly insert: (options?: InsertOptions) => Promise<Bench>;
  readonly trust: () => Promise<readonly CvAnchor[]>;
} {
  let pki: SimulatorPki;
  beforeAll(async () => {
    pki = await openSimulatorPki({ folder: inject('simulatorKeys') });
    await makeCvKeys(pki);
  });
  return {
    insert: async ({ card: cardOptions, ...options } = {}) => {
      const virtual = await openVirtualCard({ ...options, pki });
      const log: Bench['log'] = [];
      const card = new Card(logged(virtual, log), cardOptions);
      const { persona } = virtual;
      const codes = accessCodes(persona) ?? { a: '', b: '', birth: '' };
      const all = { sign: '', auth: '', text: '', resident: '', ...persona.pins, ...codes };
      const secret = (name: keyof typeof all) => () => pinOf(all[name]);
      return {
        card,
        virtual,
        log,
        codes,
        secrets: {
          sign: secret('sign'),
          auth: secret('auth'),
          text: secret('text'),
          resident: secret('resident'),
          a: secret('a'),
          b: secret('b'),
          birth: secret('birth'),
        },
      };
    },
    trust: async () => parseCvAnchors({ anchors: await pki.cvAnchors() }),
  };
}

/** The keys above a card's records are made when a card first needs them; anchors are those there are. */
async function makeCvKeys(pki: SimulatorPki): Promise<void> {
  const card = new Card(await openVirtualCard({ pki }));
  await card.exclusive(async (session) => {
    for (const aid of ['D3921000310001010408', 'D3921000310001010402']) {
      await session.selectDf(Buffer.from(aid, 'hex'));
      await session.selectEf(0x0004);
      await session.readObject();
    }
    await session.selectDf(CARD_MANAGER_AID);
    await session.getData(0x00f8);
  });
}

function logged(virtual: VirtualCard, log: Bench['log']): CardChannel {
  return {
    atr: virtual.atr,
    transmit: async (command) => {
      const entry = { command: toHex(command), sw: '----' };
      log.push(entry);
      const answer = await virtual.transmit(command);
      entry.sw = toHex(answer.subarray(-2));
      return answer;
    },
    [Symbol.asyncDispose]: () => virtual[Symbol.asyncDispose](),
  };
}

/** Whether the 券面事項入力補助AP and the 券面事項確認AP are closed again: every protected file answers 6982. */
export async function isLocked({ card }: Bench): Promise<boolean> {
  return card.exclusive(async (session) => {
    const words: number[] = [];
    for (const [aid, files] of [
      ['D3921000310001010408', [0x0001, 0x0002]],
      ['D3921000310001010402', [0x0001, 0x0002, 0x0005]],
    ] as const) {
      await session.selectDf(Buffer.from(aid, 'hex'));
      for (const file of files) {
        await session.selectEf(file);
        words.push((await session.transmit({ cla: 0, ins: 0xb0, p1: 0, p2: 0, le: 1 })).sw);
      }
    }
    return words.every((sw) => sw === 0x6982);
  });
}
