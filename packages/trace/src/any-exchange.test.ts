import { CardRemovedError, CardResetError, toHex } from '@jpki/iso7816';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isPlain, joinMasked, maskedLength } from './masked-bytes.ts';
import type { MaskedBytes, TraceEntry } from './model.ts';
import { recorder } from './record/record.ts';
import { Redactor } from './redact/redact.ts';
import { replay } from './replay/replay.ts';
import { isPinCommand } from './steps/card-instructions.ts';
import { CardView } from './steps/card-view.ts';
import { formatTrace } from './text/format.ts';
import { parseTrace } from './text/parse.ts';

const bytesOf = (minLength: number, maxLength: number) =>
  fc.uint8Array({ minLength, maxLength }).map((bytes) => new Uint8Array(bytes));

/** Commands as real ones begin, with anything behind, and anything at all. */
const commandOf = fc.oneof(
  bytesOf(0, 40),
  fc
    .tuple(
      fc.constantFrom(0x00, 0x80, 0x08, 0x0c, 0x10, 0x01, 0x40, 0xff),
      fc.constantFrom(
        0x20,
        0x21,
        0x24,
        0x2c,
        0x32,
        0x26,
        0xa4,
        0xb0,
        0xb2,
        0xca,
        0xc0,
        0x2a,
        0x88,
        0xae,
        0xc2,
      ),
      bytesOf(2, 20),
    )
    .map(([cla, ins, rest]) => Uint8Array.of(cla, ins, ...rest)),
);
const responseOf = fc.oneof(
  bytesOf(0, 40),
  bytesOf(0, 40).map((data) => Uint8Array.of(...data, 0x90, 0x00)),
);
const exchangesOf = fc.array(fc.tuple(commandOf, responseOf), { maxLength: 12 });

const plainPart = (bytes: MaskedBytes): string =>
  bytes.map((piece) => (isPlain(piece) ? toHex(piece) : '.')).join('');

describe('whatever passes', () => {
  test('keeps its length when it is redacted, and shows only its own bytes in their places', () => {
    fc.assert(
      fc.property(exchangesOf, fc.constantFrom('person', 'invented'), (exchanges, holder) => {
        const redactor = new Redactor({ holder });
        for (const [command, response] of exchanges) {
          for (const [raw, masked] of [
            [command, redactor.command(command)],
            [response, redactor.response(response)],
          ] as const) {
            expect(maskedLength(masked)).toBe(raw.length);
            expect(masked).toEqual(joinMasked(masked));
            let at = 0;
            for (const piece of masked) {
              if (isPlain(piece)) expect(toHex(piece)).toBe(toHex(raw.subarray(at, at + piece.length)));
              at += piece.length;
            }
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  test('shows nothing of a PIN command but its header and its length fields', () => {
    const pinCommand = commandOf.filter(
      (command) => isPinCommand({ ins: command[1] ?? 0 }) && command.length > 4,
    );
    fc.assert(
      fc.property(pinCommand, fc.constantFrom('person', 'invented'), (command, holder) => {
        const shown = plainPart(new Redactor({ holder }).command(command));
        // CLA, INS, P1, P2; Lc of one byte or three; zeros as Le.
        expect(shown).toMatch(/^[0-9A-F]{8}(?:\.|[0-9A-F]{2}\.|00[0-9A-F]{4}\.|(?:00){1,3}$)(?:00){0,2}$/);
      }),
      { numRuns: 1000 },
    );
  });

  test('is followed by the view without an error', () => {
    fc.assert(
      fc.property(exchangesOf, (exchanges) => {
        const view = new CardView();
        for (const [command, response] of exchanges) {
          expect(view.command([command]).kind).toBeTypeOf('string');
          view.response([response]);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('is recorded, written, read and replayed with the same answers and losses', async () => {
    const answerOf = fc.oneof(responseOf, fc.constantFrom('removed' as const, 'reset' as const));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(commandOf, answerOf), { maxLength: 10 }), async (exchanges) => {
        const entries: TraceEntry[] = [];
        const recording = recorder((entry) => entries.push(entry), { holder: 'invented' });
        const answers = exchanges.map(([, answer]) => answer);
        const layer = recording.layer({
          atr: Uint8Array.of(0x3b, 0x00),
          transmit: async () => {
            const answer = answers.shift();
            if (answer === 'removed' || answer === undefined) throw new CardRemovedError();
            if (answer === 'reset') throw new CardResetError();
            return answer;
          },
          [Symbol.asyncDispose]: async () => {},
        });
        const outcome = (transmit: typeof layer.transmit) => async (command: Uint8Array) => {
          try {
            return toHex(await transmit(command));
          } catch (error) {
            return error instanceof CardRemovedError || error instanceof CardResetError ? error.code : error;
          }
        };
        const recorded = [];
        for (const [command] of exchanges) recorded.push(await outcome(layer.transmit)(command));
        const channel = replay(parseTrace(formatTrace({ header: {}, entries })), { mode: 'strict' });
        const replayed = [];
        for (const [command] of exchanges)
          replayed.push(await outcome((bytes) => channel.transmit(bytes))(command));
        expect(replayed).toEqual(recorded);
        channel.assertFinished();
      }),
      { numRuns: 200 },
    );
  });
});
