import { describe, expect, test } from 'vitest';
import { parseTrace } from '../text/parse.ts';
import { decodeTrace } from './decode-trace.ts';
import { type FormatDecodedOptions, formatDecoded } from './format-decoded.ts';

const JPKI = '> 00A4040C0AD392F000260100000001\n< 9000';
const TEXT = '> 00A4040C0AD3921000310001010408\n< 9000';

const traceOf = (...body: readonly string[]) => parseTrace(`#! apdu-trace 1\n\n${body.join('\n')}\n`);

/** The decoded text, without the sums below it. */
function textOf(body: readonly string[], options: FormatDecodedOptions = {}): string {
  return (
    formatDecoded(decodeTrace(traceOf(...body)), options)
      .join('\n')
      .split('\n\nAPDU ')[0] ?? ''
  );
}

/** What the last line says, in one line for each step. */
const lastOf = (...body: readonly string[]): string =>
  textOf(body, { data: false }).split('\n').at(-1)?.trim().replaceAll(/ {2,}/g, ' ') ?? '';
const lastInJapanese = (...body: readonly string[]): string =>
  textOf(body, { data: false, lang: 'ja' }).split('\n').at(-1)?.trim().replaceAll(/ {2,}/g, ' ') ?? '';

describe('a step in one line', () => {
  test('names the application of a SELECT', () => {
    expect(lastOf(JPKI)).toBe('3 SELECT 公的個人認証AP 9000');
    expect(lastInJapanese(JPKI)).toBe('3 選択 公的個人認証AP 9000');
    expect(lastOf('> 00A4040C05A000000003\n< 6A82')).toBe('3 SELECT AID A000000003 → not on this card 6A82');
    expect(lastOf('> 00A4040C05A000000308\n< 6A82')).toBe(
      '3 SELECT AID A000000308 (PIV) → not on this card 6A82',
    );
    expect(lastOf('> 00A4000C023F00\n< 6A86')).toBe('3 SELECT MF → incorrect P1-P2 6A86');
  });

  test('says how many tries are left after a right PIN, a wrong one, and the last wrong one', () => {
    const verify = (sw: string) => lastOf(JPKI, '> 0020009B08{pin:8}', `< ${sw}`);
    expect(verify('9000')).toBe('5 VERIFY 署名用パスワード → 5 tries left (right) 9000');
    expect(verify('63C4')).toBe('5 VERIFY 署名用パスワード → 4 tries left (wrong) 63C4');
    expect(verify('63C1')).toBe('5 VERIFY 署名用パスワード → 1 try left (wrong) 63C1');
    expect(verify('63C0')).toBe('5 VERIFY 署名用パスワード → 0 tries left (wrong, blocked now) 63C0');
    expect(verify('6984')).toBe('5 VERIFY 署名用パスワード → blocked 6984');
    expect(verify('6300')).toBe('5 VERIFY 署名用パスワード → wrong, tries left not told 6300');
    expect(verify('6985')).toBe('5 VERIFY 署名用パスワード → conditions of use not satisfied 6985');
  });

  test('calls VERIFY without a PIN a question', () => {
    const ask = (sw: string) => lastOf(JPKI, '> 0020009B', `< ${sw}`);
    expect(ask('63C5')).toBe('5 ASK 署名用パスワード → 5 tries left 63C5');
    expect(ask('63C0')).toBe('5 ASK 署名用パスワード → 0 tries left, blocked 63C0');
    expect(ask('9000')).toBe('5 ASK 署名用パスワード → verified before 9000');
    expect(lastInJapanese(JPKI, '> 0020009B', '< 63C5')).toBe(
      '5 残り回数の照会 署名用パスワード → 残り5回 63C5',
    );
  });

  test('says what is signed, and how long it took', () => {
    const info = `3031300D060960864801650304020105000420${'07'.repeat(32)}`;
    const sign = (apdu: string) => lastOf(JPKI, `> ${apdu}`, '< {signature:256} 9000 @312.0ms');
    expect(sign(`802A009A33${info}00`)).toBe('5 SIGN SHA-256 DigestInfo, 312 ms 9000');
    expect(sign(`802A009A20${'07'.repeat(32)}00`)).toBe('5 SIGN 32 bytes, 312 ms 9000');
    expect(sign(`802A049A20${'07'.repeat(32)}00`)).toBe('5 SIGN SHA-256 digest (PSS), 312 ms 9000');
    expect(lastInJapanese(JPKI, `> 802A009A33${info}00`, '< {signature:256} 9000 @312.0ms')).toBe(
      '5 署名 SHA-256 DigestInfo、312 ms 9000',
    );
  });

  test('names file, offset and length of a READ BINARY', () => {
    const read = '> 00B08A0000\n< {certificate:256} 9000';
    expect(lastOf(JPKI, read)).toBe('5 READ 利用者証明用電子証明書 0..255 9000');
    expect(lastOf(JPKI, '> 00B0810000\n< 6982')).toBe(
      '5 READ 署名用電子証明書 0..255 → security status not satisfied (PIN needed) 6982',
    );
    expect(lastOf(JPKI, '> 00A4020C020005\n< 9000')).toBe('5 SELECT EF 0005 9000');
  });

  test('names changes, data objects, challenges and what it does not know', () => {
    expect(lastOf(JPKI, '> 0024019804{pin:4}\n< 9000')).toBe('5 CHANGE 利用者証明用暗証番号 → changed 9000');
    expect(lastOf('> 00A4040C07A0000001510000\n< 9000', '> 00CA00F200\n< 9000')).toBe(
      '5 GET DATA 有効期限 9000',
    );
    expect(lastOf('> 0084000010\n< {data:16} 9000')).toBe('3 GET CHALLENGE 16 bytes 9000');
    expect(lastOf('> 80FD0000\n< 6700')).toBe('3 COMMAND 80 FD 00 00 → wrong length (Lc or Le) 6700');
    expect(lastOf(TEXT, '> 80AE000001AA\n< 6982')).toBe(
      '5 SET SESSION KEY 券面事項入力補助AP → security status not satisfied (PIN needed) 6982',
    );
    expect(lastOf('> 0070000001\n< 6D00')).toBe(
      '3 MANAGE CHANNEL 00 70 00 00 → instruction not supported 6D00',
    );
  });

  test('says when secure messaging hides what passes, and when no answer came', () => {
    expect(lastOf(TEXT, `> 0820009113861101${'5A'.repeat(16)}\n< 9000`)).toBe(
      '5 VERIFY 券面事項入力補助用暗証番号 (secure messaging) → 3 tries left (right) 9000',
    );
    expect(lastOf(TEXT, '> 08B00000000005 9603000000 0000\n< {data:20} 9000')).toBe(
      '5 READ current EF (secure messaging) 9000',
    );
    expect(lastOf(JPKI, '> 0020009804{pin:4}', '! removed')).toBe('6 ! card removed');
    expect(lastOf(JPKI, '> 0020009804{pin:4}', '< 90')).toBe(
      '5 VERIFY 利用者証明用暗証番号 → the answer is cut ----',
    );
    expect(lastOf(JPKI, '> 0020009804{pin:4}', '< {data:4}')).toBe(
      '5 VERIFY 利用者証明用暗証番号 → status word not recorded ----',
    );
    expect(textOf([JPKI, '> 0020009804{pin:4}', '! removed'])).toContain(
      'VERIFY 利用者証明用暗証番号 → no answer',
    );
  });
});

describe('what was read', () => {
  test('runs of READ BINARY of one file are one step', () => {
    const { lines } = decodeTrace(
      traceOf(
        JPKI,
        '> 00A4020C02000A\n< 9000',
        '> 00B0000004\n< {certificate:4} 9000 @1.5ms',
        '> 00B0000400\n< {certificate:256} 9000 @10.1ms',
        '> 00B0010400\n< {certificate:20} 9000 @2.0ms',
        '> 00B0000004\n< {certificate:4} 9000',
        '> 00A4020C020018\n< 9000',
      ),
    );
    expect(lines).toHaveLength(4);
    expect(lines[2]).toMatchObject({
      subject: { en: '利用者証明用電子証明書 0..279 (4 parts)' },
      data: [{ label: { en: '[利用者証明用電子証明書 280 bytes, not recorded]' } }],
    });
  });

  test('opens records with the names of their tags, and names what was not recorded', () => {
    const number = textOf([TEXT, '> 00B0810000', '< FF100C {personal:12} FFFF 9000']);
    expect(number).toContain('FF10 個人番号  [個人番号 12 bytes, not recorded]');
    expect(number).toMatch(/\n {7}filler +2 bytes$/);
    expect(textOf([TEXT, '> 00B0810000', '< {personal:17} 9000'])).toContain(
      '[個人番号 17 bytes, not recorded]',
    );
    expect(textOf([TEXT, '> 00B0830000', '< FF3003DF {personal:2} 9000'])).toContain(
      'partly recorded  DF [券面事項の電子署名 2 bytes, not recorded]',
    );
    expect(textOf(['> 00B0830000', '< 00 {personal:17} 9000'])).toContain(
      '[個人番号など 17 bytes, not recorded]',
    );
    expect(textOf([TEXT, '> 00B0810000', '< {personal:17} 9000'], { lang: 'ja' })).toContain(
      '[個人番号 17バイト、記録なし]',
    );
  });

  test('says how much of an object was read', () => {
    expect(textOf([TEXT, '> 00B0820004', '< FF205BDF 9000'])).toContain('91 bytes, 1 of them read');
  });

  test('opens DigestInfo to hash and digest', () => {
    const info = `3051300D060960864801650304020305000440${'0A'.repeat(64)}`;
    const text = textOf([JPKI, `> 802A009A53${info}00`, '< {signature:256} 9000']);
    expect(text).toContain('SIGN SHA-512 DigestInfo');
    expect(text).toContain('署名用秘密鍵');
    expect(text).toContain('0A'.repeat(64));
  });

  test('names the hash of a DigestInfo whose digest is hidden', () => {
    const prefix = '3051300D060960864801650304020305000440';
    const text = textOf([JPKI, `> 802A009A53${prefix}{data:64}00`, '< {signature:256} 9000']);
    expect(text).toContain('SIGN SHA-512 DigestInfo');
    expect(text).toMatch(/digest +\[.*64 bytes.*\]/);
  });
});

describe('the verbose form', () => {
  test('splits each APDU into its fields', () => {
    expect(textOf([JPKI, '> 00B08A00000000', '< 3003020101 9000 @8.1ms'], { verbose: true })).toBe(
      [
        '  3  SELECT 公的個人認証AP                     9000',
        '  3    > CLA 00  INS A4  P1 04  P2 0C  Lc 0A',
        '         D392F000 26010000 0001',
        '  4    < 9000  success',
        '  5  READ 利用者証明用電子証明書 0..4, 8.1 ms  9000',
        '  5    > CLA 00  INS B0  P1 8A  P2 00  Le 000000',
        '  6    < 9000  success  5 bytes  8.1 ms',
        '         30030201 01',
        '       SEQUENCE',
        '         INTEGER  01',
      ].join('\n'),
    );
  });

  test('never shows a PIN, even where the trace does', () => {
    const bytes = (hex: string) => [Uint8Array.from(Buffer.from(hex, 'hex'))];
    const commands = [
      '002000980431323334',
      '0024019804 31323334',
      '80320098 04 31323334',
      '00200098 08 31323334',
      '10200098 02 3132',
      '0020009831',
      '00C20000 09 002000800431323334',
      '00C2000031',
    ];
    for (const command of commands) {
      const entries = [{ type: 'command', bytes: bytes(command.replaceAll(' ', '')) }] as const;
      const text = formatDecoded(decodeTrace({ header: {}, entries }), { verbose: true }).join('\n');
      expect(text).not.toMatch(/3132|31$|Le 31/m);
      expect(text).toMatch(/\[(?:PIN|data) /);
    }
  });
});

describe('the sums', () => {
  test('count commands, bytes, time and the tries that were spent', () => {
    const { totals } = decodeTrace(
      traceOf(
        `${JPKI} @2.5ms`,
        '> 0020009804{pin:4}\n< 63C2 @30.1ms',
        '> 0020009804{pin:4}\n< 63C1 @30.2ms',
        '> 00200098\n< 63C1',
        '> 0020009804{pin:4}\n! removed',
      ),
    );
    expect(totals).toMatchObject({
      commands: 5,
      unanswered: 1,
      bytesSent: 15 + 3 * 9 + 4,
      bytesReceived: 4 * 2,
      milliseconds: 62.8,
      timed: 3,
      slowest: { line: 7, milliseconds: 30.2 },
      triesSpent: [{ secret: '利用者証明用暗証番号', count: 2 }],
      triesUncertain: 1,
    });
    const text = formatDecoded(decodeTrace(traceOf(JPKI, '> 0020009804{pin:4}\n< 63C2'))).join('\n');
    expect(text).toMatch(/PIN tries spent {2}利用者証明用暗証番号 1$/);
  });
});
