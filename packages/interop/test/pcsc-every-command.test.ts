import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CardChannel } from '@jpki/iso7816';
import { type FaultScript, openSimulatorPki, openVirtualCard, type SimulatorPki } from '@jpki/simulator';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SigningKey } from '../src/card-worker-protocol.ts';
import { describeEveryCommand, FULL, KEYS, LOCK, nothingLost, TEXT } from '../src/every-command.ts';
import { pcscdRequirement } from '../src/private-pcscd.ts';
import { signingOn } from '../src/signing-on.ts';

describe('a card that is gone or reset at any command, in this process', () => {
  let folder: string;
  let pki: SimulatorPki;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'jpki-every-'));
    pki = await openSimulatorPki({ folder });
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const signWith = async (key: SigningKey, faults: FaultScript) => {
    const virtual = await openVirtualCard({ pki, faults });
    const commands: string[] = [];
    const channel: CardChannel = {
      atr: virtual.atr,
      transmit: (command) => {
        commands.push(Buffer.from(command).toString('hex').toUpperCase());
        return virtual.transmit(command);
      },
      recover: async () => undefined,
      [Symbol.asyncDispose]: () => virtual[Symbol.asyncDispose](),
    };
    return { virtual, commands, outcome: await signingOn(channel, key, TEXT) };
  };

  test.each(KEYS)('%s: a typed error or the signature, one VERIFY at most, no try lost', async (key) => {
    const { commands: all } = await signWith(key, []);
    for (let at = 1; at <= all.length; at++) {
      for (const kind of ['remove', 'reset'] as const) {
        for (const executed of [false, true]) {
          const { virtual, commands, outcome } = await signWith(key, [{ at, kind, executed }]);
          nothingLost(outcome, commands);
          expect(await virtual.triesLeft(key)).toBe(FULL[key]);
          if (kind === 'reset' && outcome.pinSent) expect(commands.at(-1)).toBe(LOCK);
        }
      }
    }
  });
});

describeEveryCommand('socket', 16, pcscdRequirement());
