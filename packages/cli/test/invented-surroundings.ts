import type { CardChannel } from '@jpki/iso7816';
import { examine } from '../src/doctor/examination.ts';
import type { DoctorCode, DoctorFinding } from '../src/doctor/finding.ts';
import type { ExaminedPcsc, Knock, Surroundings } from '../src/doctor/surroundings.ts';

/** What differs from a healthy Linux. */
export interface World extends Partial<Omit<Surroundings, 'exists' | 'readText' | 'list' | 'knock'>> {
  /** Text by path; a folder is there when something in it is. */
  readonly files?: Readonly<Record<string, string>>;
  readonly socket?: Knock;
}

/** A healthy Linux with pcscd and CCID, unless the world says otherwise. */
export function surroundings({ files = {}, socket = 'answers', ...rest }: World = {}): Surroundings {
  const all: Readonly<Record<string, string>> = {
    '/usr/sbin/pcscd': '',
    '/usr/lib/pcsc/drivers/ifd-ccid.bundle': '',
    ...files,
  };
  const below = (path: string) => Object.keys(all).filter((name) => name.startsWith(`${path}/`));
  return {
    platform: 'linux',
    release: '6.1.0',
    nodeVersion: '22.12.0',
    env: {},
    processId: 1,
    isRoot: false,
    now: () => new Date(),
    exists: (path) => path in all || below(path).length > 0,
    readText: (path) => all[path],
    list: (path) => [
      ...new Set(below(path).map((name) => name.slice(path.length + 1).split('/', 1)[0] ?? '')),
    ],
    knock: async () => socket,
    unixSockets: async () => [],
    openPcsc: async () => pcsc(),
    addonFailure: async () => undefined,
    ...rest,
  };
}

export type Readers = Awaited<ReturnType<ExaminedPcsc['readers']>>;

const FULL: Readers = [{ name: 'Reader A', cardPresent: true, unresponsive: false }];

const channel: CardChannel = {
  atr: new Uint8Array(),
  transmit: async () => Uint8Array.of(0x6a, 0x82),
  [Symbol.asyncDispose]: async () => undefined,
};

/** PC/SC with a card in a reader, which answers that nothing is there. */
export function pcsc(
  options: { readers?: Readers | Error; connect?: Error; name?: string } = {},
): ExaminedPcsc {
  const { readers = FULL, connect, name = 'pcsclite' } = options;
  return {
    binding: { name },
    readers: async () => {
      if (readers instanceof Error) throw readers;
      return readers;
    },
    connect: async () => {
      if (connect) throw connect;
      return channel;
    },
    close: async () => undefined,
  };
}

/** The findings about a world; what sits in its readers is none of our cards. */
export async function diagnose(world: World, uri = 'pcsc:'): Promise<DoctorFinding[]> {
  return examine(uri, surroundings(world), new AbortController().signal);
}

/** Their codes. */
export async function codesOf(world: World, uri?: string): Promise<DoctorCode[]> {
  return (await diagnose(world, uri)).map(({ code }) => code);
}
