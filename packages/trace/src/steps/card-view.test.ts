import { fromHex } from '@jpki/iso7816';
import { describe, expect, test } from 'vitest';
import type { Step } from './card-step.ts';
import { CardView } from './card-view.ts';

const JPKI = '00A4040C0AD392F000260100000001';
const MANAGER = '00A4040C07A0000001510000';

/** Sends commands, each with its answer, and returns what each means. */
function follow(...exchange: readonly (readonly [command: string, response: string])[]): Step[] {
  const view = new CardView();
  return exchange.map(([command, response]) => {
    const step = view.command([fromHex(command)]);
    view.response([fromHex(response)]);
    return step;
  });
}

const lastOf = (...exchange: readonly (readonly [string, string])[]) => follow(...exchange).at(-1);

describe('the view of a card', () => {
  test('names the application that is selected, and the file in it', () => {
    expect(
      follow([JPKI, '9000'], ['00A4020C02000A', '9000'], ['00B0010000', '9000'], ['00A4020C020018', '9000']),
    ).toMatchObject([
      { kind: 'select-application', application: { name: 'JPKI' } },
      { kind: 'select-file', ef: 0x0a, file: { holds: 'certificate' } },
      { kind: 'read-binary', ef: 0x0a, offset: 0x100, le: 256, file: { holds: 'certificate' } },
      { kind: 'select-file', file: { reference: 'auth', maxTries: 3 } },
    ]);
  });

  test('knows no file while nothing is known to be selected', () => {
    expect(lastOf(['00A4020C02000A', '9000'])).not.toHaveProperty('file');
    expect(lastOf(['00B0000000', '9000'])).not.toHaveProperty('file');
  });

  test.each([
    ['a refused application', [JPKI, '9000'], ['00A4040C0AD3921000310001010408', '6A82']],
    ['a part of a name', [JPKI, '9000'], ['00A4040C05D392F00026', '9000']],
    ['the next occurrence of a name', [JPKI, '9000'], ['00A4040E0AD392F000260100000001', '9000']],
    ['SELECT MF', [JPKI, '9000'], ['00A40000', '9000']],
    ['a name under secure messaging', [JPKI, '9000'], ['08A4040C0AD392F000260100000001', '9000']],
  ] as const)('knows nothing any more after %s', (_, first, second) => {
    const step = lastOf(first, second, ['00A4020C02000A', '9000']);
    expect(step).toMatchObject({ kind: 'select-file', ef: 0x0a });
    expect(step).not.toHaveProperty('file');
  });

  test.each([
    ['a refused file', '00A4020C020001', '6A82'],
    ['a refused short identifier', '00B0810000', '6982'],
    ['a file named under secure messaging', '08A4020C13861101000102030405060708090A0B0C0D0E0F', '9000'],
  ])('keeps the application and forgets the file after %s', (_, command, response) => {
    const read = lastOf(
      [JPKI, '9000'],
      ['00A4020C020006', '9000'],
      [command, response],
      ['00B0000000', '9000'],
    );
    expect(read).toMatchObject({ kind: 'read-binary', application: { name: 'JPKI' } });
    expect(read).not.toHaveProperty('ef');
  });

  test('takes a READ BINARY with a short identifier for a selection once it succeeded', () => {
    const steps = follow([JPKI, '9000'], ['00B08A0000', '9000'], ['00B0010000', '9000']);
    expect(steps.slice(1)).toMatchObject([
      { ef: 0x0a, offset: 0, byShortId: true },
      { ef: 0x0a, offset: 0x100, byShortId: false },
    ]);
  });

  test('knows nothing after a reset, nor when the answer to a SELECT was lost', () => {
    const view = new CardView();
    view.command([fromHex(JPKI)]);
    view.response([fromHex('9000')]);
    view.reset();
    expect(view.command([fromHex('00B0820000')])).not.toHaveProperty('file');
    view.command([fromHex(JPKI)]);
    expect(view.command([fromHex('00B0820000')])).not.toHaveProperty('file');
  });

  test.each([
    ['00200080', 'ask-tries', 0x18],
    ['0020008000', 'ask-tries', 0x18],
    ['002000800431323334', 'verify', 0x18],
    ['0020009B0431323334', 'verify', 0x1b],
    ['082000980431323334', 'verify', 0x18],
    ['102000980431323334', 'verify', 0x18],
    ['002401800431323334', 'change-pin', 0x18],
    ['802C01800431323334', 'change-pin', 0x18],
    ['803200800431323334', 'change-pin', 0x18],
    ['802A008003ABCDEF00', 'sign', 0x18],
    ['802A009A03ABCDEF00', 'sign', 0x1a],
    ['0088009903ABCDEF00', 'internal-authenticate', 0x19],
    ['00B2012400', 'read-record', 0x04],
    ['00B2010400', 'read-record', 0x18],
  ])('%s is %s of file %s', (command, kind, ef) => {
    expect(lastOf([JPKI, '9000'], ['00A4020C020018', '9000'], [command, '9000'])).toMatchObject({ kind, ef });
  });

  test.each([
    ['802A000003ABCDEF00', 'sign'],
    ['80A206C1020102', 'verify-certificate'],
    ['80AE0000020102', 'set-session-key'],
    ['0084000010', 'get-challenge'],
    ['00CA00F000', 'get-data'],
    ['00C0000010', 'get-response'],
    ['00A40000', 'select-other'],
    ['00DB3FFF020102', 'other'],
    ['01B0000000', 'other'],
    ['0020', 'other'],
  ])('%s is %s', (command, kind) => {
    expect(lastOf([command, '9000'])?.kind).toBe(kind);
  });

  test('knows the data objects of the card manager while that is selected', () => {
    expect(lastOf([MANAGER, '9000'], ['00CA00F200', '9000'])).toMatchObject({
      tag: 0xf2,
      object: { holds: 'identifying' },
    });
    expect(lastOf([JPKI, '9000'], ['00CA00F200', '9000'])).not.toHaveProperty('object');
  });

  test('says what GET RESPONSE continues, and from where', () => {
    const steps = follow(
      [JPKI, '9000'],
      ['00B08A0000', '010203046110'],
      ['00C0000010', '05066104'],
      ['00C0000004', '9000'],
      ['00B0000700', '9000'],
    );
    expect(steps.slice(2)).toMatchObject([
      { kind: 'get-response', at: 4, of: { kind: 'read-binary', ef: 0x0a }, ef: 0x0a },
      { kind: 'get-response', at: 6, of: { kind: 'read-binary' } },
      { kind: 'read-binary', ef: 0x0a },
    ]);
  });

  test('reads commands whose data is masked, and none whose header is', () => {
    const view = new CardView();
    const pin = { type: 'pin', length: 4 } as const;
    expect(view.command([fromHex('0020009804'), pin])).toMatchObject({ kind: 'verify', ef: 0x18 });
    const all = { type: 'data', length: 9 } as const;
    expect(view.command([all])).toEqual({ kind: 'other', secured: false, chained: false });
  });
});
