import { JpkiApplication } from '@jpki/applets';
import { Card, type CardChannel, Pin } from '@jpki/iso7816';
import { openVirtualCard } from '@jpki/simulator';
import type { Identity } from '../identity.ts';
import type { Report } from '../subject.ts';

/** Commands a card has to answer for each job: on a real card they are what takes the time. */
export async function apduSubject({ pki }: Identity): Promise<Report[]> {
  const digest = new Uint8Array(32);
  const pin = (text: string) => Pin.fromBytes(Buffer.from(text));
  const jobs: Readonly<Record<string, (jpki: JpkiApplication) => Promise<unknown>>> = {
    'read the auth certificate': (jpki) => jpki.auth.certificate(),
    'authenticate, certificate known': async (jpki) => {
      const certificate = await jpki.auth.certificate();
      counter.reset();
      return jpki.auth.withSigner({ pin: pin('1234'), certificate }, (signer) =>
        signer.sign('sha256', digest),
      );
    },
    'sign a document': (jpki) =>
      jpki.sign.withSigner({ pin: pin('ABC123') }, (signer) => signer.sign('sha256', digest)),
    'tries left of both PINs': (jpki) => jpki.triesLeft(),
  };
  const counter = new Counter();
  const counts: { name: string; count: number; reads: number }[] = [];
  for (const [name, job] of Object.entries(jobs)) {
    await using card = new Card(counter.around(await openVirtualCard({ pki })));
    counter.reset();
    await job(new JpkiApplication(card));
    counts.push({ name, count: counter.count, reads: counter.reads });
  }
  const of = (name: string) => counts.find((each) => each.name === name);
  const signing = of('sign a document');
  return [
    {
      title: 'APDUs per job, short Le, no short EF ids',
      counts,
      goals: [
        {
          what: 'read the auth certificate',
          value: of('read the auth certificate')?.count ?? Number.NaN,
          goal: 9,
        },
        { what: 'authenticate', value: of('authenticate, certificate known')?.count ?? Number.NaN, goal: 7 },
        {
          what: 'sign a document, beside reading the certificate',
          value: (signing?.count ?? Number.NaN) - (signing?.reads ?? 0) + 1,
          goal: 10,
        },
        {
          what: 'tries left of both PINs',
          value: of('tries left of both PINs')?.count ?? Number.NaN,
          goal: 5,
        },
      ],
    },
  ];
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
