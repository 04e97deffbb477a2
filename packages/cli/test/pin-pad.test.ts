import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { toHex } from '@jpki/iso7816';
import { type OpenPcscOptions, type PcscBinding, type ReaderObserver, ScardFailure } from '@jpki/pcsc';
import { openSimulatorPki, openVirtualCard, type PersonaName, type VirtualCard } from '@jpki/simulator';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Bench } from './jpki.ts';

/**
 * What somebody at the keypad does: types digits, perhaps after something else, or lets the reader answer this status word
 * by itself.
 */
type Act = { readonly types: string; readonly after?: () => void } | { readonly reader: number };

/** A desk with one reader, a card in it, and a person. */
const desk: { card?: VirtualCard; acts: Act[]; hasKeypad: boolean; connections: number } = {
  acts: [],
  hasKeypad: true,
  connections: 0,
};

const VERIFY_CODE = 0x4233_0006;
const UNSUPPORTED = 0x8010001f;

function cardOnDesk(): VirtualCard {
  return desk.card ?? expect.fail('no card lies on the desk');
}

async function control(code: number, input: Uint8Array): Promise<Uint8Array> {
  if (code !== VERIFY_CODE && desk.hasKeypad) return Uint8Array.of(6, 4, 0x42, 0x33, 0, 6);
  if (code !== VERIFY_CODE) throw new ScardFailure(UNSUPPORTED, 'SCardControl');
  const act =
    desk.acts.shift() ?? expect.fail('the keypad was asked once more than the person was ready for');
  if ('reader' in act) return Uint8Array.of(act.reader >> 8, act.reader & 0xff);
  act.after?.();
  // The command stands behind the 19 bytes of the structure, the PIN behind its header and Lc.
  const command = input.slice(19);
  command.set(Buffer.from(act.types, 'latin1'), 5);
  return cardOnDesk().transmit(command);
}

const binding: PcscBinding = {
  name: 'desk',
  capabilities: {
    transactions: true,
    workerThreads: true,
    reconnect: false,
    control: true,
    attributes: false,
    maxReaders: 1,
  },
  observe: (observer: ReaderObserver) => {
    const { atr } = cardOnDesk();
    const reader = { name: 'Keypad Reader', cardPresent: true, unresponsive: false, changes: 0, atr };
    queueMicrotask(() => observer.update([reader]));
    return { close: async () => undefined };
  },
  connect: async () => {
    desk.connections++;
    return {
      protocol: 'T=1',
      transmit: (command) => cardOnDesk().transmit(command),
      control,
      begin: async () => undefined,
      end: async () => undefined,
      disconnect: async () => undefined,
    };
  },
};

vi.mock('@jpki/pcsc', async (importOriginal) => {
  const original: typeof import('@jpki/pcsc') = await importOriginal();
  return { ...original, openPcsc: (options: OpenPcscOptions) => original.openPcsc({ ...options, binding }) };
});

const bench = new Bench();

async function lay(persona: PersonaName = 'adult'): Promise<VirtualCard> {
  desk.card = await openVirtualCard({ persona, pki: await openSimulatorPki({ folder: bench.pki }) });
  return desk.card;
}

beforeEach(async () => {
  writeFileSync(bench.path('report.txt'), 'a report');
  await lay();
  Object.assign(desk, { acts: [], hasKeypad: true, connections: 0 });
});

const SIGN = ['sign', 'report.txt', '--key', 'auth', '--force'] as const;

/** Runs a command with `--pin-pad` and somebody at the keypad. */
function withKeypad(args: readonly string[], ...acts: Act[]) {
  desk.acts = acts;
  return bench.call([...args, '--pin-pad']);
}

describe('--pin-pad', () => {
  it('signs with a PIN that is typed on the reader, and says when it is to be typed', async () => {
    const { code, stderr } = await withKeypad(SIGN, { types: '1234' });
    expect([code, cardOnDesk().verifyCount]).toEqual([0, 1]);
    expect(stderr).toMatch(/3 of 3(.|\n)*Type the authentication PIN .* on the keypad .* 30 seconds/);
    expect(existsSync(bench.path('report.txt.p7m'))).toBe(true);
  });

  it('opens the 基本4情報 and the 個人番号, in Japanese too', async () => {
    const { text = '' } = cardOnDesk().persona.pins;
    for (const command of [
      ['attributes'],
      ['my-number', '--show'],
      ['my-number', '--show', '--secure-messaging'],
    ]) {
      const { code, stderr } = await withKeypad([...command, '--trust', 'simulator', '--lang', 'ja'], {
        types: text,
      });
      expect(code).toBe(0);
      expect(stderr).toContain(
        'リーダーのテンキーで券面事項入力補助用暗証番号を 30 秒以内に入力してください',
      );
    }
  });

  it('costs one try for a wrong PIN', async () => {
    const { code, json } = await withKeypad([...SIGN, '--json'], { types: '9999' }, { types: '9999' });
    expect(code).toBe(4);
    expect(json).toMatchObject({ error: { code: 'ERR_PIN_INCORRECT', triesLeft: 2 } });
    expect([desk.acts.length, cardOnDesk().verifyCount]).toEqual([1, 1]);
  });

  it.each([
    [0x6401, 'ERR_PIN_PAD_CANCELLED', 'cancelled on the PIN pad'],
    [0x6400, 'ERR_PIN_PAD_TIMEOUT', 'in time'],
    [0x6403, 'ERR_PIN_PAD_LENGTH', 'too short or too long'],
  ])('costs none for an entry that came to nothing (%i), and says so', async (sw, name, word) => {
    const { code, json } = await withKeypad([...SIGN, '--json'], { reader: sw });
    const message = expect.stringMatching(new RegExp(`${word}; no try was spent \\(3 left\\)$`));
    expect(json).toEqual({ error: expect.objectContaining({ code: name, message, triesLeft: 3 }) });
    expect([code, await cardOnDesk().triesLeft('auth')]).toEqual([7, 3]);
  });

  it('keeps a person who interrupts until it has answered, and locks the card then', async () => {
    const exit = vi.spyOn(process, 'exit').mockImplementation(() => expect.fail('the card stays open'));
    const transmit = vi.spyOn(cardOnDesk(), 'transmit');
    const hurry = () => {
      for (let times = 0; times < 3; times++) process.emit('SIGHUP', 'SIGHUP');
      expect(exit).not.toHaveBeenCalled();
    };
    const { code, stderr } = await withKeypad(SIGN, { types: '1234', after: hurry });
    expect([code, cardOnDesk().verifyCount]).toEqual([130, 1]);
    expect(stderr.match(/still waits for the PIN/g)).toHaveLength(3);
    expect(toHex(transmit.mock.lastCall?.[0] ?? new Uint8Array())).toBe('00A4040C07A0000001510000');
    exit.mockRestore();
  });

  it('is not asked for the last try without consent', async () => {
    for (const wrong of [1, 2]) await withKeypad([...SIGN, '--json'], { types: `999${wrong}` });
    const refused = await withKeypad([...SIGN, '--json'], { types: '1234' });
    expect([refused.code, desk.acts.length]).toEqual([8, 1]);
    const { code } = await withKeypad([...SIGN, '--allow-last-try', '1'], { types: '1234' });
    expect(code).toBe(0);
  });

  it('is said of a reader that has no keypad', async () => {
    desk.hasKeypad = false;
    const { code, json } = await withKeypad([...SIGN, '--json']);
    expect(json).toMatchObject({
      error: { code: 'ERR_PIN_PAD_ABSENT', message: expect.stringContaining('Keypad Reader') },
    });
    expect([code, cardOnDesk().verifyCount]).toEqual([7, 0]);
  });

  it.each([
    ['the password', ['sign', 'report.txt', '--force'], 'ERR_PIN_PAD_REFUSED'],
    ['the password of the certificate', ['cert', 'sign'], 'ERR_PIN_PAD_REFUSED'],
    ['another source', [...SIGN, '--pin-stdin'], 'ERR_USAGE'],
    ['nobody to ask', [...SIGN, '--no-input'], 'ERR_USAGE'],
    ['a card without a reader', ['--card', 'sim:', ...SIGN], 'ERR_USAGE'],
    ['a PIN that is to be changed', ['pin', 'change', 'auth'], 'ERR_USAGE'],
    ['a number printed on the card', ['attributes', '--code', 'b', '--code-fd', '4'], 'ERR_USAGE'],
    ['a PIN beside one', ['my-number', '--show', '--secure-messaging', '--code', 'a'], 'ERR_USAGE'],
  ])('is refused for %s, and no card is touched', async (_, args, name) => {
    const { code, json } = await withKeypad([...args, '--json']);
    expect([code, json]).toEqual([2, { error: expect.objectContaining({ code: name }) }]);
    expect(desk.connections).toBe(0);
  });

  it('leaves a trace with a placeholder where the PIN stood', async () => {
    const trace = bench.path('pad.apdu');
    const { code } = await withKeypad([...SIGN, '--trace', trace], { types: '1234' });
    expect(code).toBe(0);
    const recorded = readFileSync(trace, 'utf8');
    expect(recorded).toContain('# the keypad of the reader put in the PIN');
    expect(recorded).toContain('> 0020008004{pin:4}');
    expect(recorded).not.toContain('31323334');
  });
});
