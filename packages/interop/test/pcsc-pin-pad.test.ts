import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JpkiApplication } from '@jpki/applets';
import { Card, toHex } from '@jpki/iso7816';
import { MockPcsc, type PlatformName } from '@jpki/mock-pcsclite';
import { controlCode, openPcsc, type PcscBinding, pcscliteBinding, pinPad, ScardFailure } from '@jpki/pcsc';
import { openSimulatorPki, openVirtualCard, type SimulatorPki, type VirtualCard } from '@jpki/simulator';
import { formatEntry, recorder } from '@jpki/trace';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

/** What somebody does at a keypad: types digits, or lets the reader answer this status word by itself. */
type Act = { readonly types: string } | { readonly reader: number };

/** What the reader of the mock calls its functions: any number will do. */
const VERIFY_CODE = 0x4233_0006;

/** PIN_VERIFY_STRUCTURE before the command: 15 bytes, then its length, four bytes (PC/SC part 10, 2.5.2). */
const COMMAND_AT = 19;

/** A reader with a keypad, as its driver behaves, and somebody at it. */
function keypad(platform: NodeJS.Platform, card: VirtualCard, acts: Act[]) {
  const structures: string[] = [];
  const control = async (code: number, input: Uint8Array): Promise<Uint8Array | number> => {
    // TLV of one feature, verify-pin-direct, its code big endian.
    if (code === controlCode(3400, platform)) return Uint8Array.of(6, 4, 0x42, 0x33, 0, 6);
    if (code !== VERIFY_CODE) return 0x8010001f;
    structures.push(toHex(input));
    const command = input.slice(COMMAND_AT);
    expect(command.length).toBe(new DataView(input.buffer, input.byteOffset).getUint32(15, true));
    const act = acts.shift() ?? expect.fail('the keypad was asked once more than the person was ready for');
    if ('reader' in act) return Uint8Array.of(act.reader >> 8, act.reader & 0xff);
    command.set(Buffer.from(act.types, 'latin1'), 5);
    return card.transmit(command);
  };
  return { control, structures };
}

const WAYS: Readonly<Record<string, (mock: MockPcsc) => PcscBinding>> = {
  'the addon': (mock) => pcscliteBinding(() => mock.addon),
  'a binding with transactions': (mock) => mock.fullBinding(ScardFailure),
};
const SYSTEM = { linux: 'linux', windows: 'win32', macos: 'darwin' } as const;

const variants = (['linux', 'windows', 'macos'] as const).flatMap((platform) =>
  Object.keys(WAYS).map((way) => [platform, way] as const),
);

let pki: SimulatorPki;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jpki-pin-pad-'));
  pki = await openSimulatorPki({ folder });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Signs with the key of the 4-digit PIN, which is typed on the keypad; the exchange is recorded. */
async function signOnKeypad(platform: PlatformName, way: string, acts: Act[]) {
  const virtual = await openVirtualCard({ pki });
  const mock = new MockPcsc({ profile: platform });
  const { control, structures } = keypad(SYSTEM[platform], virtual, acts);
  mock.addReader('Keypad Reader 0', { control }).insert(virtual);
  const asked = vi.spyOn(process, 'platform', 'get').mockReturnValue(SYSTEM[platform]);
  const binding = WAYS[way] ?? expect.fail(`there is no way called ${way}`);
  await using pcsc = await openPcsc({ binding: binding(mock) });
  await using channel = await pcsc.connect('Keypad Reader 0');
  const entries: string[] = [];
  const recording = recorder((entry) => entries.push(formatEntry(entry)), { holder: 'person' });
  const pad = recording.pinPad(await pinPad(channel));
  asked.mockRestore();
  const { auth } = new JpkiApplication(new Card(recording.layer(channel)));
  let outcome: unknown;
  try {
    outcome = await auth.withSigner({ pin: { pad } }, (signer) => signer.sign('sha256', new Uint8Array(32)));
  } catch (error) {
    outcome = error;
  }
  recording.end();
  const sent = JSON.stringify(mock.calls);
  return {
    outcome,
    structures,
    trace: entries.join('\n'),
    sent,
    tries: await virtual.triesLeft('auth'),
    virtual,
  };
}

describe.each(variants)('a PIN typed on the keypad of a reader, as on %s, through %s', (platform, way) => {
  const act = (...acts: Act[]) => signOnKeypad(platform, way, acts);

  test('signs once, and stands in no call, no command and no trace', async () => {
    const { outcome, structures, trace, sent, virtual } = await act({ types: '1234' });
    expect(outcome).toHaveLength(256);
    expect(structures).toEqual(['1E1E82040004040201110400000000090000000020008004FFFFFFFF']);
    expect(trace).toContain('the keypad of the reader put in the PIN');
    expect(trace).toMatch(/^> 0020008004 ?\{/m);
    expect(`${trace}${sent}`).not.toContain('31323334');
    expect(virtual.verifyCount).toBe(1);
  });

  test('that is wrong costs its one try', async () => {
    const { outcome, structures, tries } = await act({ types: '9999' }, { types: '9999' });
    expect(outcome).toMatchObject({ code: 'ERR_PIN_INCORRECT', triesLeft: 2 });
    expect([structures.length, tries]).toEqual([1, 2]);
  });

  test.each([
    [0x6400, 'ERR_PIN_PAD_TIMEOUT'],
    [0x6401, 'ERR_PIN_PAD_CANCELLED'],
    [0x6403, 'ERR_PIN_PAD_LENGTH'],
  ])(
    'that the reader ends with %i costs none, and the error says how many are left: %s',
    async (sw, code) => {
      const { outcome, tries, virtual } = await act({ reader: sw });
      expect(outcome).toMatchObject({ code, triesLeft: 3 });
      expect([virtual.verifyCount, tries]).toEqual([0, 3]);
    },
  );
});
