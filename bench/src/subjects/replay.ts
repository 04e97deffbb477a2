import { createHash, createPublicKey, type KeyObject, verify, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  type CvAnchor,
  JpkiApplication,
  parseCvAnchors,
  readCardOverview,
  TextApplication,
} from '@jpki/applets';
import { buildSignedData, readSignedData, verifySignedData } from '@jpki/core/cms';
import { anchorFromCertificate, type TrustAnchor } from '@jpki/core/trust';
import { Card, type CardChannel, Pin } from '@jpki/iso7816';
import { openVirtualCard } from '@jpki/simulator';
import { type MaskedBytes, parseTrace, replay, type Trace, traceToJson } from '@jpki/trace';
import type { Identity } from '../identity.ts';
import { type Row, sideBySide } from '../side-by-side.ts';
import { type Report, ratioOf } from '../subject.ts';

const TRACES = new URL('../../../apdu-traces/', import.meta.url);
const text = (path: string): string => readFileSync(new URL(path, TRACES), 'utf8');

const DOCUMENT = Buffer.from('a document');
const DIGEST = createHash('sha256').update(DOCUMENT).digest();

/** The PKI whose cards were recorded, and that of the virtual card of this run. */
interface Authorities {
  readonly sign: TrustAnchor;
  readonly cv: readonly CvAnchor[];
  /** What time it is for the card. */
  readonly at: Date;
}

/** A golden trace, and the program that was recorded in it. */
interface Job {
  readonly title: string;
  readonly file: string;
  /** RSA signatures that it verifies: nothing can be faster than these. */
  readonly verifications: number;
  /** Keys among them that come from the card, so that each has to be imported first. */
  readonly newKeys: number;
  /** Times the cost of the raw exchange and of the verifications. */
  readonly goal: number;
  readonly run: (card: Card, authorities: Authorities) => Promise<unknown>;
}

const pin = (digits: string): Pin => Pin.fromBytes(Buffer.from(digits));

const JOBS: readonly Job[] = [
  {
    title: 'authenticate',
    file: 'golden/authenticate.apdu',
    verifications: 1,
    newKeys: 1,
    goal: 4,
    run: (card) =>
      new JpkiApplication(card).auth.withSigner({ pin: pin('1234') }, (signer) =>
        signer.sign('sha256', DIGEST),
      ),
  },
  {
    title: 'sign a document to CMS, and verify it',
    file: 'golden/sign-message.apdu',
    // By the card's signer and by the message's, then signature and certificate by the verifier, who reads the key anew.
    verifications: 4,
    newKeys: 2,
    goal: 3,
    run: signAndVerify,
  },
  {
    title: 'read the attributes, and prove them',
    file: 'golden/attributes.apdu',
    // Record, card key, its certificate, and the answer to the challenge.
    verifications: 4,
    newKeys: 2,
    goal: 2.5,
    run: (card, { cv }) => new TextApplication(card).attributes({ secret: { pin: pin('2345') }, trust: cv }),
  },
  {
    title: 'status: kind, certificates, tries left',
    file: 'golden/overview.apdu',
    verifications: 0,
    newKeys: 0,
    goal: 12,
    run: (card) => readCardOverview(card),
  },
];

async function signAndVerify(card: Card, { sign, at }: Authorities): Promise<void> {
  const signingTime = card.circumstances.now();
  const message = await new JpkiApplication(card).sign.withSigner({ pin: pin('ABC123') }, (signer) =>
    buildSignedData(DOCUMENT, [signer], { signingTime }),
  );
  const options = { trust: [sign], at, revocation: 'off' } as const;
  const { status } = verifySignedData(readSignedData(message), options);
  if (status !== 'valid') throw new Error(`the recorded signature is ${status}`);
}

/** The hot path driven by recorded exchanges: what the middleware costs where the card and the link cost nothing. */
export async function replaySubject(identity: Identity): Promise<Report[]> {
  const reports: Report[] = [];
  for (const job of JOBS) reports.push(await jobReport(job, identity));
  reports.push(countReport(), await parsingReport());
  return reports;
}

const OURS = 'jpki: on the replayed card';
const RAW = 'the same commands sent, nothing done with the answers';
const VIRTUAL = 'jpki: on the virtual card, which signs';

async function jobReport(job: Job, { pki, publicKey, signer }: Identity): Promise<Report> {
  const trace = parseTrace(text(job.file));
  const recorded = recordedAuthorities(trace);
  const virtual = await openVirtualCard({ pki });
  const own: Authorities = {
    sign: anchorFromCertificate(await pki.caCertificate('sign'), { hierarchy: 'simulator', purpose: 'sign' }),
    cv: await cvAnchorsOf(pki),
    at: new Date(),
  };
  const signature = Buffer.from(await signer.sign('sha256', DIGEST));
  const spki = publicKey.export({ format: 'der', type: 'spki' });
  const floor = `floor: ${job.verifications} × crypto.verify, keys imported: ${job.newKeys}`;
  const commands = plainCommands(trace);
  const rows = await sideBySide({
    ...(job.verifications > 0 && { [floor]: () => verifyAll(job, publicKey, spki, signature) }),
    [RAW]: () => sendAll(replay(trace, { mode: 'strict' }), commands),
    [OURS]: () => job.run(new Card(replay(trace, { mode: 'strict' })), recorded),
    [VIRTUAL]: () => job.run(new Card(borrowed(virtual)), own),
  });
  const least = cpuOf(rows, RAW) + (job.verifications > 0 ? cpuOf(rows, floor) : 0);
  return {
    title: `Replayed: ${job.title}`,
    rows,
    goals: [
      {
        what: job.verifications > 0 ? 'over the raw exchange and the verifies' : 'over the raw exchange',
        value: cpuOf(rows, OURS) / least,
        goal: job.goal,
      },
    ],
  };
}

function cpuOf(rows: readonly Row[], wanted: string): number {
  return rows.find(({ name }) => name === wanted)?.cpu ?? Number.NaN;
}

function recordedAuthorities({ header }: Trace): Authorities {
  const ca = new X509Certificate(text('pki/simulator-sign-ca-3.pem')).raw;
  return {
    sign: anchorFromCertificate(ca, { hierarchy: 'simulator', purpose: 'sign' }),
    cv: parseCvAnchors(JSON.parse(text('pki/cv-anchors.json'))),
    at: header.recorded ?? new Date(),
  };
}

async function cvAnchorsOf(pki: Identity['pki']): Promise<readonly CvAnchor[]> {
  const anchors = [await pki.cvAnchor('text')];
  return parseCvAnchors({ anchors });
}

function verifyAll({ verifications, newKeys }: Job, known: KeyObject, spki: Buffer, signature: Buffer): void {
  for (let done = 0; done < verifications; done++) {
    const key = done < newKeys ? createPublicKey({ key: spki, format: 'der', type: 'spki' }) : known;
    if (!verify('sha256', DOCUMENT, key, signature)) throw new Error('the floor verifies a right signature');
  }
}

/** The commands with zeros where a PIN was masked. */
function plainCommands({ entries }: Trace): Uint8Array[] {
  return entries.flatMap((entry) => (entry.type === 'command' ? [zeroed(entry.bytes)] : []));
}

function zeroed(bytes: MaskedBytes): Uint8Array {
  return Buffer.concat(
    bytes.map((piece) => (piece instanceof Uint8Array ? piece : new Uint8Array(piece.length))),
  );
}

async function sendAll(channel: CardChannel, commands: readonly Uint8Array[]): Promise<void> {
  for (const command of commands) await channel.transmit(command);
}

/** The card without the end of it: every round begins with a card that stays in the reader. */
function borrowed(card: CardChannel): CardChannel {
  return {
    atr: card.atr,
    transmit: (command) => card.transmit(command),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

function countReport(): Report {
  const counts = JOBS.map(({ title, file }) => ({
    name: title,
    count: plainCommands(parseTrace(text(file))).length,
  }));
  const [authenticate, , , status] = counts;
  return {
    title: 'Commands in the golden traces',
    counts,
    goals: [
      { what: 'authenticate, certificate read', value: authenticate?.count ?? Number.NaN, goal: 15 },
      { what: 'status', value: status?.count ?? Number.NaN, goal: 17 },
    ],
  };
}

const JSON_PARSE = 'floor: JSON.parse of the same as JSON';
const PARSE = 'jpki: parseTrace';

/** Reading a trace, beside reading the same as JSON. */
async function parsingReport(): Promise<Report> {
  const source = text('golden/expired.apdu');
  const json = JSON.stringify(traceToJson(parseTrace(source)));
  const rows = await sideBySide({
    [JSON_PARSE]: () => JSON.parse(json),
    [PARSE]: () => parseTrace(source),
  });
  return {
    title: 'Read a trace',
    rows,
    unit: 'MB a second',
    counts: [
      { name: PARSE, count: Math.round(source.length / cpuOf(rows, PARSE)) },
      { name: JSON_PARSE, count: Math.round(json.length / cpuOf(rows, JSON_PARSE)) },
    ],
    goals: [{ what: 'over JSON.parse', value: ratioOf(rows, PARSE, JSON_PARSE), goal: 20 }],
  };
}
