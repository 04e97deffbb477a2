import { startPrivatePcscd } from '@jpki/interop/private-pcscd';
import { Candidate, candidate, cProgram, insertCard, installPeers } from '../pcsc/processes.ts';
import { BINDINGS, WAYS } from '../pcsc/ways.ts';
import { median, type Row } from '../side-by-side.ts';
import type { Report } from '../subject.ts';

const FLOOR = 'floor: C on libpcsclite';

/** Many short rounds: what a neighbour does to one candidate of a round it does to the others. */
const ROUNDS = 27;
const TRANSMITS = 500;

/** Round trips of each candidate before the first that count: V8 has compiled all that is called in one after some 5,000. */
const WARM_UP = 6_000;

/** How many transmits the memory is watched over. */
const MANY = 60_000;

/** What a round trip through the real PC/SC service costs, and what it does to the process around it. */
export async function pcscSubject(): Promise<Report[]> {
  const peers = await installPeers();
  const program = await cProgram();
  await using pcscd = await startPrivatePcscd();
  const [slot] = pcscd.slots;
  if (slot === undefined) throw new Error('the service has a slot');
  const env = { ...pcscd.environment, BENCH_PEERS: peers };
  const start = (name: string) =>
    name === FLOOR
      ? new Candidate(FLOOR, program, [slot.readerName], env)
      : candidate(name, slot.readerName, env);
  const { card, insertions } = await insertionTimes(start, slot.port);
  await using _ = card;
  return [await roundTrips(start), await delays(start), await memory(start), insertions];
}

type Start = (name: string) => Candidate;

async function roundTrips(start: Start): Promise<Report> {
  const candidates = [FLOOR, ...Object.keys(WAYS)].map(start);
  const times = new Map<string, number[]>(candidates.map(({ name }) => [name, []]));
  for (const each of candidates) await each.ask(`transmit ${WARM_UP}`);
  for (let round = 0; round < ROUNDS; round++) {
    for (const each of candidates) {
      times.get(each.name)?.push(Number(await each.ask(`transmit ${TRANSMITS}`)));
    }
  }
  await Promise.all(candidates.map((each) => each.close()));
  const floor = times.get(FLOOR) ?? [];
  const rows: Row[] = [...times].map(([name, all]) => ({
    name,
    cpu: median(all),
    ratio: median(all.map((time, round) => time / (floor[round] ?? Number.NaN))),
  }));
  const goal = (what: string, name: string, limit: number) => ({
    what,
    value: rows.find((row) => row.name === name)?.ratio ?? Number.NaN,
    goal: limit,
  });
  return {
    title: 'Round trip of READ BINARY (256 bytes) through pcscd and vpcd, wall time',
    rows,
    goals: [
      goal('socket client over C', 'jpki: socket client', 1.15),
      goal('addon over C', 'jpki: pcsclite addon', 1.35),
    ],
  };
}

/** Libraries whose reading of the card is watched: all but the C program, which has no event loop. */
const LOOPS = Object.keys(WAYS);

async function delays(start: Start): Promise<Report> {
  const counts: { name: string; count: number }[] = [];
  for (const name of LOOPS) {
    const each = start(name);
    const [loop = '', stat = ''] = (await each.ask('delay')).split(' ');
    counts.push({ name: `${name}: longest pause of the event loop`, count: Number(loop) });
    counts.push({ name: `${name}: longest fs.stat`, count: Number(stat) });
    await each.close();
  }
  return { title: 'During a command of 500 ms', unit: 'ms', counts, goals: [] };
}

async function memory(start: Start): Promise<Report> {
  const counts: { name: string; count: number }[] = [];
  for (const name of LOOPS) {
    const each = start(name);
    counts.push({ name, count: Math.round(Number(await each.ask(`memory ${MANY}`)) / 1024) });
    await each.close();
  }
  const ours = Math.max(...counts.filter(({ name }) => name.startsWith('jpki')).map(({ count }) => count));
  return {
    title: `Resident memory gained over ${MANY} round trips`,
    unit: 'KiB',
    counts,
    goals: [{ what: 'the worst of ours, KiB', value: ours, goal: 16_384 }],
  };
}

const TIMES = 7;

/** From the card's arrival in the reader (the service's own polling included) to the program that waits for it. */
async function insertionTimes(
  start: Start,
  port: number,
): Promise<{ card: AsyncDisposable; insertions: Report }> {
  const seen = new Map<string, number[]>([FLOOR, ...Object.keys(BINDINGS)].map((name) => [name, []]));
  let card: AsyncDisposable | undefined;
  for (let time = 0; time < TIMES; time++) {
    await card?.[Symbol.asyncDispose]();
    // The service looks once or twice a second whether the card is still there.
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    const waiting = [...seen.keys()].map((name) => ({ name, process: start(name) }));
    for (const { process } of waiting) await process.ask('insertion');
    card = await insertCard(port);
    const told = await Promise.all(
      waiting.map(async ({ name, process }) => ({ name, at: Number(await process.next()) })),
    );
    const first = told.find(({ name }) => name === FLOOR)?.at ?? Number.NaN;
    for (const { name, at } of told) seen.get(name)?.push(at - first);
    await Promise.all(waiting.map(({ process }) => process.close()));
  }
  if (card === undefined) throw new Error('a card was inserted');
  const counts = [...seen].map(([name, all]) => ({ name, count: Number(median(all).toFixed(2)) }));
  return {
    card,
    insertions: { title: 'A card is inserted: told after the C program', unit: 'ms', counts, goals: [] },
  };
}
