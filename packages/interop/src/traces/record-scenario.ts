import assert from 'node:assert/strict';
import { Card, type CardChannel, layered } from '@jpki/iso7816';
import {
  openVirtualCard,
  type Persona,
  personaNamed,
  type SimulatorPki,
  type VirtualCard,
} from '@jpki/simulator';
import { type ReplayChannel, recorder, replay, type Trace, type TraceEntry } from '@jpki/trace';
import { withKnownKeys } from './known-keys.ts';
import { type CardUser, outcomeOf, type PublicPki, type Scenario, secretsOf } from './scenario.ts';

/** Field of the header: what the program ends with, `success` or the code of an error. */
const EXPECT = 'expect';

/** Where the recorded cards come from. */
export interface RecordingWorld {
  readonly pki: SimulatorPki;
  readonly publicPki: PublicPki;
  /** What time it is. */
  readonly at: Date;
}

/** Records what a scenario does with a virtual card. @throws {Error} when it does not end as it says. */
export async function recordScenario(scenario: Scenario, world: RecordingWorld): Promise<Trace> {
  const { faults = [], variants = {}, link, expect = 'success' } = scenario;
  const { pki, publicPki, at } = world;
  const persona = personaOf(scenario);
  const virtual = await openVirtualCard({ persona, pki, faults, variants });
  const entries: TraceEntry[] = [];
  const recording = recorder((entry) => entries.push(entry), { holder: 'invented' });
  const channel = layered(readerOf(virtual, at), ...(link ? [link()] : []), recording.layer);
  const user = {
    card: new Card(channel, scenario.card),
    persona,
    at,
    pki: publicPki,
    secrets: secretsOf(persona, at),
    heading: (text: string) => recording.heading(text),
  };
  const { code, error } = await outcomeOf(run(scenario, user));
  if (code !== expect) throw new Error(`${scenario.file} ended with ${code ?? error}`, { cause: error });
  recording.end();
  assert.equal(recording.failure, undefined);
  return { header: headerOf(scenario, virtual, at), entries };
}

/** Has the scenario's program use the card of a trace. */
export async function playScenario(
  scenario: Scenario,
  trace: Trace,
  publicPki: PublicPki,
): Promise<{ readonly channel: ReplayChannel; readonly code?: string; readonly error?: unknown }> {
  const at = trace.header.recorded;
  if (at === undefined) throw new Error(`${scenario.file} does not say when it was recorded`);
  const persona = personaOf(scenario);
  const channel = replay(trace, { mode: 'strict' });
  const user = {
    card: new Card(channel, scenario.card),
    persona,
    at,
    pki: publicPki,
    secrets: secretsOf(persona, at),
    heading: () => undefined,
  };
  const outcome = await outcomeOf(run(scenario, user));
  return { channel, ...outcome };
}

async function run(scenario: Scenario, user: CardUser): Promise<unknown> {
  return scenario.knownKeys ? withKnownKeys(() => scenario.run(user)) : scenario.run(user);
}

function personaOf({ persona = 'adult', triesLeft }: Scenario): Persona {
  return { ...personaNamed(persona), ...(triesLeft && { triesLeft }) };
}

/** The card as a PC/SC link has it: it can be held, and brought back after a reset. */
function readerOf(virtual: VirtualCard, at: Date): CardChannel {
  return {
    atr: virtual.atr,
    transmit: (command) => virtual.transmit(command),
    transaction: (work) => work(),
    recover: () => Promise.resolve(),
    circumstances: {
      now: () => at,
      nonce: (length) => globalThis.crypto.getRandomValues(new Uint8Array(length)),
    },
    [Symbol.asyncDispose]: () => virtual[Symbol.asyncDispose](),
  };
}

function headerOf(scenario: Scenario, { atr, persona }: VirtualCard, recorded: Date): Trace['header'] {
  const { title, card = {}, variants = {}, expect = 'success' } = scenario;
  const list = (settings: object) =>
    Object.entries(settings)
      .map(([name, value]) => `${name} ${value}`)
      .join(', ');
  const more = [
    { name: EXPECT, value: expect },
    { name: 'card-options', value: list(card) },
    { name: 'card-variants', value: list(variants) },
  ];
  return {
    title,
    atr,
    software: 'JPKI toolkit',
    card: `virtual card, ${persona.cardKind}`,
    holder: 'invented',
    source: `a virtual card of this project, persona ${persona.name}`,
    obtained: 'recorded by pnpm traces',
    recorded,
    more: more.filter(({ value }) => value !== ''),
  };
}

/** What the header of a trace says that the program ends with. */
export function expectedOf({ header }: Trace): string | undefined {
  return header.more?.find(({ name }) => name === EXPECT)?.value;
}
