import { CARD_MANAGER_AID, type CvAnchor, parseCvAnchors } from '@jpki/applets';
import { cardMap } from '@jpki/applets/card-map';
import { Card, type CardChannel, type CardOptions, layered, Pin } from '@jpki/iso7816';
import {
  accessCodes,
  openSimulatorPki,
  openVirtualCard,
  type SimulatorPki,
  type VirtualCard,
  type VirtualCardOptions,
} from '@jpki/simulator';
import { beforeAll, inject } from 'vitest';
import type { Trace, TraceEntry } from '../src/model.ts';
import { type Recorder, type RecordOptions, recorder } from '../src/record/record.ts';
import { formatTrace } from '../src/text/format.ts';
import { parseTrace } from '../src/text/parse.ts';

/** Everything that opens a persona's card, each as a fresh PIN. */
export type Secrets = Readonly<
  Record<'sign' | 'auth' | 'text' | 'resident' | 'a' | 'b' | 'birth', () => Pin>
>;

/** A virtual card, and the trace of what is done with it. */
export interface RecordedCard {
  readonly card: Card;
  readonly virtual: VirtualCard;
  readonly recording: Recorder;
  readonly entries: TraceEntry[];
  readonly secrets: Secrets;
  /** The trace so far, written and read again. */
  readonly trace: () => Trace;
  readonly text: () => string;
}

export interface RecordedCardOptions extends Omit<VirtualCardOptions, 'pki'> {
  readonly record?: Partial<RecordOptions>;
  readonly card?: CardOptions;
  /** Wraps the virtual card before the recorder does. */
  readonly link?: (channel: CardChannel) => CardChannel;
}

export const pinOf = (text: string): Pin => Pin.fromBytes(Buffer.from(text));

/** Cards of the PKI whose keys all test files share. */
export function recordedCards(): {
  readonly insert: (options?: RecordedCardOptions) => Promise<RecordedCard>;
  readonly openPlain: (options?: Omit<VirtualCardOptions, 'pki'>) => Promise<VirtualCard>;
  readonly trust: () => Promise<readonly CvAnchor[]>;
} {
  let pki: SimulatorPki;
  beforeAll(async () => {
    pki = await openSimulatorPki({ folder: inject('simulatorKeys') });
    await makeCvKeys(pki);
  });
  return {
    insert: async ({
      record,
      card: cardOptions,
      link = (channel: CardChannel) => channel,
      ...options
    } = {}) => {
      const virtual = await openVirtualCard({ ...options, pki });
      const entries: TraceEntry[] = [];
      const recording = recorder((entry) => entries.push(entry), { holder: 'invented', ...record });
      const card = new Card(layered(link(virtual), recording.layer), cardOptions);
      const text = () => {
        recording.end();
        return formatTrace({ header: { atr: virtual.atr, holder: 'invented' }, entries });
      };
      const secrets = secretsOf(virtual);
      return { card, virtual, recording, entries, secrets, text, trace: () => parseTrace(text()) };
    },
    openPlain: (options) => openVirtualCard({ ...options, pki }),
    trust: async () => parseCvAnchors({ anchors: await pki.cvAnchors() }),
  };
}

/** EF of the CV certificate, in both applications that have one. */
const CV_CERTIFICATE = 0x0004;

/** The keys above a card's records are made when a card first needs them; anchors are those there are. */
async function makeCvKeys(pki: SimulatorPki): Promise<void> {
  const card = new Card(await openVirtualCard({ pki }));
  await card.exclusive(async (session) => {
    for (const { aid } of cardMap.filter(({ files }) => files.some(({ id }) => id === CV_CERTIFICATE))) {
      await session.selectDf(aid);
      await session.selectEf(CV_CERTIFICATE);
      await session.readObject();
    }
    await session.selectDf(CARD_MANAGER_AID);
    await session.getData(0x00f8);
  });
}

function secretsOf({ persona }: VirtualCard): Secrets {
  const codes = accessCodes(persona) ?? { a: '', b: '', birth: '' };
  const all = { sign: '', auth: '', text: '', resident: '', ...persona.pins, ...codes };
  const secret = (name: keyof typeof all) => () => pinOf(all[name]);
  return {
    sign: secret('sign'),
    auth: secret('auth'),
    text: secret('text'),
    resident: secret('resident'),
    a: secret('a'),
    b: secret('b'),
    birth: secret('birth'),
  };
}
