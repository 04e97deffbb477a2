import { describe, expect, test } from 'vitest';
import { benches } from '../../test/cards.ts';
import { JpkiApplication } from './application.ts';

const { insert } = benches();
const digest = new Uint8Array(32);

/** performance.md section 8: goals, and what is left of them on a card that proved short ids and extended lengths. */
describe('commands where short identifiers and extended lengths are proven', () => {
  async function proven() {
    const bench = await insert({ card: { shortIds: true, extendedLe: true } });
    const jpki = new JpkiApplication(bench.card);
    const certificate = await jpki.auth.certificate();
    const first = bench.log.splice(0);
    return { ...bench, jpki, certificate, first };
  }

  test('the auth certificate takes two, also the first time', async () => {
    const { jpki, log, first } = await proven();
    await jpki.auth.certificate();
    expect([first.length, log.length]).toEqual([2, 2]);
  });

  test('authenticating takes five', async () => {
    const { jpki, log, secrets, certificate } = await proven();
    await jpki.auth.withSigner({ pin: secrets.auth(), certificate }, (signer) =>
      signer.sign('sha256', digest),
    );
    expect(log.map(({ command }) => command.slice(0, 8))).toEqual([
      '00A4040C',
      '00200098',
      '00200098',
      '802A0097',
      '00A4040C',
    ]);
  });

  test('signing a document takes seven', async () => {
    const { jpki, log, secrets } = await proven();
    await jpki.sign.withSigner({ pin: secrets.sign() }, (signer) => signer.sign('sha256', digest));
    expect(log).toHaveLength(7);
  });

  test('several signatures select nothing in between', async () => {
    const { jpki, log, secrets, certificate } = await proven();
    await jpki.auth.withSigner({ pin: secrets.auth(), certificate }, async (signer) => {
      for (let i = 0; i < 3; i++) await signer.sign('sha256', digest);
    });
    expect(log).toHaveLength(7);
  });

  test('a VERIFY never tries a short identifier that no READ BINARY proved', async () => {
    const bench = await insert({ card: { shortIds: true } });
    const jpki = new JpkiApplication(bench.card);
    await jpki.triesLeft();
    const certificate = await new JpkiApplication((await insert()).card).auth.certificate();
    await jpki.auth.withSigner({ pin: bench.secrets.auth(), certificate }, () => Promise.resolve());
    const pins = bench.log.filter(({ command }) => command.startsWith('0020'));
    expect(pins.every(({ command }) => command.startsWith('00200080'))).toBe(true);
  });
});
