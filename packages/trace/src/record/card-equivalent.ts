import {
  ComputeSignature,
  cardMap,
  type MappedApplication,
  type SecretReference,
} from '@jpki/applets/card-map';
import { Card, type CardChannel, type CardSession, Pin, StatusWordError, Sw, toHex } from '@jpki/iso7816';
import type { Equivalent, SignatureQuestion } from './equivalent.ts';

/** What opens the card that stands in. It is a virtual one, so these are public. */
export type EquivalentSecrets = Readonly<Partial<Record<SecretReference, string>>>;

/** Length of a signature of the card, RSA-2048 (card-protocol.md 3.6). */
const SIGNATURE_LENGTH = 256;

/** Most records read of one file. */
const MAX_RECORDS = 16;

/**
 * Reads a whole card, so that it can stand in for a person's. For a **virtual** card: it sends every PIN and code it is
 * given, without asking how many tries are left; the first that is refused is the last one sent.
 *
 * The channel stays with the equivalent, which signs with it, and belongs to the caller, who closes it.
 *
 * @throws {StatusWordError} when the card does not take a PIN; {@link LinkError}.
 */
export async function equivalentOf(channel: CardChannel, secrets: EquivalentSecrets): Promise<Equivalent> {
  const card = new Card(channel);
  const content: CardContent = { files: new Map(), records: new Map(), dataObjects: new Map() };
  for (const application of cardMap)
    await card.exclusive((session) => readApplication(session, application, secrets, content));
  return {
    file: (aid, ef) => content.files.get(key(aid, ef)),
    record: (aid, ef, number) => content.records.get(key(aid, ef))?.[number - 1],
    dataObject: (aid, tag) => content.dataObjects.get(key(aid, tag)),
    signature: (question) => sign(card, secrets, question),
  };
}

interface CardContent {
  readonly files: Map<string, Uint8Array>;
  readonly records: Map<string, readonly Uint8Array[]>;
  readonly dataObjects: Map<string, Uint8Array>;
}

const key = (aid: Uint8Array, id: number): string => `${toHex(aid)}/${id}`;

async function readApplication(
  session: CardSession,
  application: MappedApplication,
  secrets: EquivalentSecrets,
  content: CardContent,
): Promise<void> {
  const { aid, files, dataObjects } = application;
  // A card without the application has nothing of it.
  if ((await orWord(session.selectDf(aid))) !== undefined) return;
  await unlock(session, application, secrets);
  for (const { id } of files.filter(({ holds }) => holds !== 'pin' && holds !== 'key')) {
    const read = await orWord(readFile(session, id));
    if (read instanceof Uint8Array) content.files.set(key(aid, id), read);
    else if (read === Sw.INCOMPATIBLE_FILE) content.records.set(key(aid, id), await readRecords(session, id));
  }
  for (const { tag } of dataObjects) {
    const read = await orWord(session.getData(tag));
    if (read instanceof Uint8Array) content.dataObjects.set(key(aid, tag), read);
  }
}

/** Sends all secrets of the selected application. The first refusal ends everything: it may have been a person's card. */
async function unlock(
  session: CardSession,
  { files }: MappedApplication,
  secrets: EquivalentSecrets,
): Promise<void> {
  for (const { id, reference } of files) {
    const secret = reference && secrets[reference];
    if (secret === undefined) continue;
    await session.selectEf(id);
    await session.verify(id, Pin.fromBytes(Buffer.from(secret)));
  }
}

async function readFile(session: CardSession, id: number): Promise<Uint8Array> {
  await session.selectEf(id);
  return session.readFile();
}

async function readRecords(session: CardSession, id: number): Promise<Uint8Array[]> {
  await session.selectEf(id);
  const records: Uint8Array[] = [];
  while (records.length < MAX_RECORDS) {
    const record = await orWord(session.readRecord(records.length + 1));
    if (!(record instanceof Uint8Array)) break;
    records.push(record);
  }
  return records;
}

async function sign(
  card: Card,
  secrets: EquivalentSecrets,
  { aid, ef, scheme, data }: SignatureQuestion,
): Promise<Uint8Array | undefined> {
  const application = cardMap.find((one) => toHex(one.aid) === toHex(aid));
  if (application === undefined) return undefined;
  const { CLA: cla, INS: ins, P2_CURRENT_EF, P2_DEFAULT_KEY } = ComputeSignature;
  const signature = await card.exclusive(async (session) => {
    await session.selectDf(aid);
    await unlock(session, application, secrets);
    if (ef !== undefined) await session.selectEf(ef);
    const p2 = ef === undefined ? P2_DEFAULT_KEY : P2_CURRENT_EF;
    return orWord(session.execute({ cla, ins, p1: scheme, p2, data, le: SIGNATURE_LENGTH }));
  });
  return signature instanceof Uint8Array ? signature : undefined;
}

/** What a step gives, or the status word with which the card refused it. */
async function orWord<T>(step: Promise<T>): Promise<T | number> {
  try {
    return await step;
  } catch (error) {
    if (error instanceof StatusWordError) return error.sw;
    throw error;
  }
}
