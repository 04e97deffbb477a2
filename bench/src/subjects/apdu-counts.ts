import { JpkiApplication } from '@jpki/applets';
import { pcscdRequirement } from '@jpki/interop/private-pcscd';
import { hasCommand } from '@jpki/interop/requirement';
import { run } from '@jpki/interop/run';
import { serveCard } from '@jpki/interop/served-card';
import { Card, type CardChannel, Pin } from '@jpki/iso7816';
import { openVirtualCard } from '@jpki/simulator';
import type { Identity } from '../identity.ts';
import type { Report } from '../subject.ts';

/** A job and how many commands it takes. */
interface Count {
  readonly name: string;
  readonly count: number;
  /** READ BINARY commands among them. */
  readonly reads: number;
}

const READ_CERTIFICATE = 'read the auth certificate';
const AUTHENTICATE = 'authenticate, certificate known';
const SIGN = 'sign a document';
const TRIES_LEFT = 'tries left of both PINs';

/** Commands a card has to answer for each job: on a real card they are what takes the time. */
export async function apduSubject(identity: Identity): Promise<Report[]> {
  const counts = await ownCounts(identity);
  const openSc = await openScCounts();
  const of = (name: string) => counts.find((each) => each.name === name) ?? { count: Number.NaN, reads: 0 };
  const signing = of(SIGN);
  return [
    {
      title: 'APDUs per job, short Le, no short EF ids',
      counts: [...counts, ...openSc.counts],
      goals: [
        ...openSc.goals,
        { what: READ_CERTIFICATE, value: of(READ_CERTIFICATE).count, goal: 9 },
        { what: 'authenticate', value: of(AUTHENTICATE).count, goal: 7 },
        {
          what: 'sign a document, beside reading the certificate',
          value: signing.count - signing.reads + 1,
          goal: 10,
        },
        { what: TRIES_LEFT, value: of(TRIES_LEFT).count, goal: 5 },
      ],
    },
  ];
}

async function ownCounts({ pki }: Identity): Promise<Count[]> {
  const digest = new Uint8Array(32);
  const pin = (text: string) => Pin.fromBytes(Buffer.from(text));
  const counter = new Counter();
  const jobs: Readonly<Record<string, (jpki: JpkiApplication) => Promise<unknown>>> = {
    [READ_CERTIFICATE]: (jpki) => jpki.auth.certificate(),
    [AUTHENTICATE]: async (jpki) => {
      const certificate = await jpki.auth.certificate();
      counter.reset();
      return jpki.auth.withSigner({ pin: pin('1234'), certificate }, (signer) =>
        signer.sign('sha256', digest),
      );
    },
    [SIGN]: (jpki) => jpki.sign.withSigner({ pin: pin('ABC123') }, (signer) => signer.sign('sha256', digest)),
    [TRIES_LEFT]: (jpki) => jpki.triesLeft(),
  };
  const counts: Count[] = [];
  for (const [name, job] of Object.entries(jobs)) {
    await using card = new Card(counter.around(await openVirtualCard({ pki })));
    counter.reset();
    await job(new JpkiApplication(card));
    counts.push({ name, count: counter.count, reads: counter.reads });
  }
  return counts;
}

/** OpenSC 0.23 at the same jobs on the same card in a real pcscd, where both are installed. */
async function openScCounts(): Promise<{
  counts: { name: string; count: number }[];
  goals: Report['goals'];
}> {
  if (pcscdRequirement().skip || !hasCommand('pkcs15-tool')) {
    console.error('apdu-counts: OpenSC or pcscd is not installed; its rows are left out');
    return { counts: [], goals: [] };
  }
  await using served = await serveCard();
  const document = await served.save('document', 'a document');
  const sign = ['--login', '--pin', '1234', '--sign', '--id', '01', '--mechanism', 'SHA256-RSA-PKCS'];
  const jobs: Readonly<Record<string, readonly [command: string, ...args: string[]]>> = {
    'OpenSC: pkcs15-tool reads the auth certificate': ['pkcs15-tool', '--read-certificate', '01'],
    'OpenSC: pkcs11-tool authenticates': [
      'pkcs11-tool',
      '--slot-index',
      '0',
      ...sign,
      '-i',
      document,
      '-o',
      `${document}.sig`,
    ],
    'OpenSC: pkcs15-tool lists the PINs': ['pkcs15-tool', '--list-pins'],
  };
  const counts: { name: string; count: number }[] = [];
  for (const [name, [command, ...args]] of Object.entries(jobs)) {
    served.commands.length = 0;
    const { exitCode, stderr } = await run(command, args, { env: served.environment });
    if (exitCode !== 0) throw new Error(`${command} failed: ${stderr}`);
    counts.push({ name, count: served.commands.length });
  }
  const [reading = { count: Number.NaN }] = counts;
  return {
    counts,
    goals: [{ what: 'reading the auth certificate, share of OpenSC', value: 9 / reading.count, goal: 1 / 4 }],
  };
}

class Counter {
  count = 0;
  /** READ BINARY commands among them. */
  reads = 0;

  reset(): void {
    this.count = 0;
    this.reads = 0;
  }

  around(channel: CardChannel): CardChannel {
    return {
      atr: channel.atr,
      transmit: (command) => {
        this.count++;
        if (command[1] === 0xb0) this.reads++;
        return channel.transmit(command);
      },
      [Symbol.asyncDispose]: () => channel[Symbol.asyncDispose](),
    };
  }
}
