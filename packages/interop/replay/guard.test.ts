import { testCvAnchors } from '@jpki/applets';
import { bitString, element, integer, NULL, objectIdentifier, sequence, time } from '@jpki/core/der';
import { productionAnchors } from '@jpki/core/trust';
import { toHex } from '@jpki/iso7816';
import { describe, expect, test } from 'vitest';
import { textLeaks, traceLeaks } from '../src/trace-guard/guard.ts';
import { leaksOf } from '../src/trace-guard/guarded-files.ts';
import { checkDigit } from '../src/trace-guard/my-numbers.ts';

/** Made here, so that no number that could be somebody's stands in a file. */
const START = '70246813579';
const NUMBER = `${START}${checkDigit(START)}`;
const OTHER = `${START}${(checkDigit(START) + 1) % 10}`;

const ascii = (text: string) => Buffer.from(text).toString('hex').toUpperCase();
const INVENTED = '#! apdu-trace 1\n# holder: invented\n';
const SELECT = '> 00A4040C0AD3921000310001010408\n< 9000\n> 00A4020C020001\n< 9000\n';
const trace = (lines: string, header = INVENTED) => `${header}${lines}\n`;
const reading = (...pieces: readonly [offset: string, data: string][]) =>
  trace(SELECT + pieces.map(([offset, data]) => `> 00B0${offset}00\n< ${data}9000`).join('\n'));

test('the formula of the check digit finds those of numbers published as examples', () => {
  expect([checkDigit('53768667718'), checkDigit('00000000000')]).toEqual([8, 0]);
});

describe('a number that could be somebody’s is found', () => {
  const wide = (text: string) => Buffer.from(text, 'utf16le').toString('hex').toUpperCase();
  const cut = (text: string) => [text.slice(0, 14), text.slice(14)] as const;
  const [front, back] = cut(ascii(NUMBER));

  test.each([
    ['in an answer', reading(['0000', `FF100C${ascii(NUMBER)}FFFF`])],
    ['by itself', reading(['0000', ascii(NUMBER)])],
    [
      'in the object of the number, with digits behind it',
      reading(['0000', `FF100C${ascii(`${NUMBER}77`)}`]),
    ],
    ['over continuation lines', reading(['0000', `FF100C${front}\n  ${back}\n  `])],
    ['over two answers', reading(['0000', front], ['0007', back])],
    ['over two answers, the second part first', reading(['0007', back], ['0000', front])],
    ['over GET RESPONSE', trace(`${SELECT}> 00B0000000\n< ${front}6105\n> 00C0000005\n< ${back}9000`)],
    [
      'over answers of a card that nobody knows',
      trace(`> 00B0000007\n< ${front}9000\n> 00B0000700\n< ${back}9000`),
    ],
    [
      'in full-width digits',
      reading(['0000', ascii(String.fromCharCode(...Array.from(NUMBER, (d) => 0xff10 + Number(d))))]),
    ],
    ['in UTF-16', reading(['0000', wide(NUMBER)])],
    ['in UTF-16, high byte first', reading(['0000', wide(NUMBER).replace(/(..)(..)/g, '$2$1')])],
    ['packed, as the whole answer', reading(['0000', NUMBER])],
    ['packed, in a data object', reading(['0000', `FF1008C106${NUMBER}`])],
    ['in a command', trace(`> 00CB3FFF0C${ascii(NUMBER)}\n< 6A80`)],
    ['in chained commands', trace(`> 10DB000007${front}\n< 9000\n> 00DB000005${back}\n< 9000`)],
    ['in a nonce', trace(`* nonce ${ascii(NUMBER)}`)],
    ['in the title', trace('', `${INVENTED}# title: card of ${NUMBER}\n`)],
    ['in a heading', trace(`== ${NUMBER}`)],
    ['in a note', trace(`\n# ${NUMBER}`)],
    ['in a field of its own', trace('', `${INVENTED}# owner: ${NUMBER}\n`)],
  ])('%s', (_, text) => {
    expect(traceLeaks(text)).toEqual([expect.stringContaining('My Number')]);
    // The same with a check digit that no number has.
    const harmless = [
      [ascii(NUMBER), ascii(OTHER)],
      [NUMBER, OTHER],
    ].reduce((now, [from = '', to = '']) => now.replaceAll(from, to), text);
    if (harmless !== text) expect(traceLeaks(harmless)).toEqual([]);
  });

  test('and told without its digits', () => {
    expect(traceLeaks(reading(['0000', ascii(NUMBER)])).join()).not.toContain(NUMBER.slice(0, 6));
  });

  test.each([
    ['eleven digits', ascii(NUMBER.slice(1))],
    ['thirteen digits', ascii(`${NUMBER}1`)],
    ['packed digits in the middle of other bytes', `AABB${NUMBER}CCDD`],
  ])('behavior: %s are none', (_, data) => {
    expect(traceLeaks(reading(['0000', data]))).toEqual([]);
  });
});

describe('what stood where a PIN belongs must be a placeholder', () => {
  test.each(
    [
      '0020008004{pin:4}',
      '0020009804{pin:4}',
      '082000800B{pin:11}',
      '00200080',
      '0020008000',
      '80AE000082{data:130}',
      '00200080000004{pin:4}',
      '00200080{pin:9}',
    ].filter((command) => command !== '002000800400{pin:3}'),
  )('fine: %s', (command) => {
    expect(traceLeaks(trace(`> ${command}\n< 9000`))).toEqual([]);
  });

  test.each([
    ['VERIFY', '002000800431323334'],
    ['VERIFY by a short identifier', '002000980431323334'],
    ['VERIFY in BER-TLV', '002100800431323334'],
    ['VERIFY of a blocked PIN', '002000820431323334'],
    ['a part of a PIN', '002000800431{pin:3}'],
    ['a digit after a placeholder', '0020008004{pin:3}34'],
    ['a longer placeholder than Lc says', '0020008004{pin:5}'],
    ['digits without Lc', '0020008031323334'],
    ['an Le that could be a digit', '0020008003{pin:3}34'],
    ['extended lengths', '0020008000000431323334'],
    ['secure messaging', '082000800B870901AABBCCDDEEFF0011'],
    ['another channel', '012000800431323334'],
    ['chaining', '102000800431323334'],
    ['CHANGE REFERENCE DATA', '002401800431323334'],
    ['CHANGE KEY of JICSAP', '803200800431323334'],
    ['RESET RETRY COUNTER', '002C00800431323334'],
    ['a personal placeholder', '0020008004{personal:4}'],
    ['SET SESSION KEY', `80AE000010${'AB'.repeat(16)}`],
    ['VERIFY in an ENVELOPE', '00C2000009002000800431323334'],
    ['no instruction', '{data:9}'],
  ])('refused: %s', (_, command) => {
    expect(traceLeaks(trace(`> ${command}\n< 9000`)).length).toBeGreaterThan(0);
  });

  test('behavior: over continuation lines', () => {
    const leaks = traceLeaks(trace('> 00200080\n  04313233\n  34\n< 9000'));
    expect(leaks).toContainEqual(expect.stringMatching(/^line 3 shows bytes where a PIN/));
  });
});

describe('of a real CA there is nothing', () => {
  const anchor = productionAnchors().find((one) => one.kind === 'key');
  if (anchor?.kind !== 'key') throw new Error('the production CAs are known');
  const modulus = Buffer.from(anchor.publicKey.export({ format: 'jwk' }).n ?? '', 'base64url');
  const algorithm = () => sequence(objectIdentifier('1.2.840.113549.1.1.11'), NULL);
  const spki = anchor.publicKey.export({ format: 'der', type: 'spki' });

  /** A certificate of the form that a CA of this name would issue; its signature is none. */
  function certificate(issuer: Uint8Array): Buffer {
    const tbs = sequence(
      element(0xa0, integer(2)),
      integer(4711),
      algorithm(),
      issuer,
      sequence(time(new Date('2026-01-01T00:00:00Z')), time(new Date('2030-01-01T00:00:00Z'))),
      issuer,
      spki,
    );
    return Buffer.from(sequence(tbs, algorithm(), bitString(new Uint8Array(256))));
  }

  const stranger = sequence(
    element(0x31, sequence(objectIdentifier('2.5.4.3'), element(0x0c, Buffer.from('Somebody')))),
  );
  const inPieces = (bytes: Uint8Array, size: number) =>
    reading(
      ...Array.from({ length: Math.ceil(bytes.length / size) }, (_, at): [string, string] => [
        (at * size).toString(16).padStart(4, '0'),
        toHex(bytes.subarray(at * size, (at + 1) * size)),
      ]),
    );

  test.each([
    ['its name', inPieces(anchor.subject, 256)],
    ['its name over two answers', inPieces(anchor.subject, 60)],
    ['its key', inPieces(modulus, 256)],
    ['its key over many answers', inPieces(modulus, 16)],
    ['a piece of its key', inPieces(modulus.subarray(0, 64), 256)],
    ['a certificate that it issued', inPieces(certificate(anchor.subject), 256)],
    ['the beginning of such a certificate', inPieces(certificate(anchor.subject).subarray(0, 256), 256)],
    ['a certificate of any CA that is not simulated', inPieces(certificate(stranger), 256)],
    [
      'the key of a CA of test cards',
      inPieces(
        Buffer.from(testCvAnchors()[0]?.publicKey.export({ format: 'jwk' }).n ?? '', 'base64url'),
        128,
      ),
    ],
  ])('%s is found', (_, text) => {
    expect(traceLeaks(text).length).toBeGreaterThan(0);
  });

  test('in a PEM file neither, nor a private key', () => {
    const pem = (label: string, der: Uint8Array) =>
      `-----BEGIN ${label}-----\n${Buffer.from(der).toString('base64')}\n-----END ${label}-----\n`;
    expect(textLeaks(pem('CERTIFICATE', certificate(anchor.subject)))).not.toEqual([]);
    expect(textLeaks(pem('CERTIFICATE', certificate(stranger)))).not.toEqual([]);
    expect(textLeaks(pem('PRIVATE KEY', new Uint8Array(64)))).toContain('a private key');
    expect(textLeaks(`{"modulus":"${modulus.toString('hex')}"}`)).not.toEqual([]);
  });
});

describe('what else is refused', () => {
  const personal = '#! apdu-trace 1\n# holder: person\n';
  const name = ascii('模擬　花子');
  const reads = `> 00A4040C0AD3921000310001010408\n< 9000\n> 00A4020C020002\n< 9000\n> 00B0000000\n< ${name}9000`;

  test('personal bytes of a person’s card, and of a card that nobody calls invented', () => {
    expect(traceLeaks(trace(reads, personal))).toEqual([expect.stringMatching(/^line 8 shows 15 /)]);
    expect(traceLeaks(trace(reads, '#! apdu-trace 1\n'))).toEqual([
      expect.stringMatching(/^line 7 shows 15 /),
    ]);
    expect(traceLeaks(trace(reads))).toEqual([]);
  });

  test('what is no trace, no text, or of no known kind', () => {
    expect(leaksOf('x.apdu', Buffer.from('> 00B0\n'))).toHaveLength(1);
    expect(leaksOf('x.md', Uint8Array.of(0xff, 0xfe))).toEqual(['a file that is no text']);
    expect(leaksOf('x.bin', Buffer.from('x'))).toHaveLength(1);
    expect(leaksOf('x.md', Buffer.from(`a number: ${NUMBER}`))).toHaveLength(1);
  });
});
