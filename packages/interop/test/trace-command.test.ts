import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { toHex } from '@jpki/iso7816';
import { type Persona, personaNamed } from '@jpki/simulator';
import { parseTrace } from '@jpki/trace';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { jpki, jpkiPath, jpkiRequirement } from '../src/jpki-command.ts';
import { pcscliteRequirement } from '../src/pcsclite-addon.ts';
import { pcscdRequirement } from '../src/private-pcscd.ts';
import { commandRequirement, requirements } from '../src/requirement.ts';
import { run } from '../src/run.ts';
import { type ServedCard, serveCard } from '../src/served-card.ts';

const needed = requirements(
  jpkiRequirement(),
  pcscliteRequirement(),
  pcscdRequirement(),
  commandRequirement('openssl', 'openssl'),
  commandRequirement('script', 'bsdutils'),
);

/** Another than the one that stands in for a person's data. */
const PERSONA = 'foreign-resident';

let served: ServedCard;

const file = (name: string) => join(served.folder, name);
const text = (name: string) => readFileSync(file(name), 'utf8');

/** Runs the command in the scratch folder; a PIN comes on stdin. */
const runJpki = (args: readonly string[], pin?: string) =>
  jpki([...args, ...(pin === undefined ? [] : ['--pin-stdin'])], {
    cwd: served.folder,
    env: served.environment,
    ...(pin !== undefined && { input: pin }),
  });

/** The bytes that a person would not want to see in a file that they send away, but for those of `another`. */
function personalBytes(another?: Persona): string[] {
  const { holder } = served.card.persona;
  const theirs: readonly unknown[] = another === undefined ? [] : Object.values(another.holder);
  const own = [holder.name, holder.address, holder.myNumber].filter((words) => !theirs.includes(words));
  return own.map((words) => toHex(Buffer.from(words)));
}

/** All bytes of a trace that are not left out, as one string of hex. */
function bytesOf(name: string): string {
  return parseTrace(text(name))
    .entries.flatMap((entry) => (entry.type === 'command' || entry.type === 'response' ? entry.bytes : []))
    .map((piece) => (piece instanceof Uint8Array ? toHex(piece) : ' '))
    .join('');
}

describe('a card in a reader, recorded', needed, () => {
  beforeAll(async () => {
    served = await serveCard(PERSONA);
    await served.save('report.txt', 'a report\n');
  });
  afterAll(() => served[Symbol.asyncDispose]());

  const pins = () => ({ sign: 'ABC123', text: '2345', ...served.card.persona.pins });

  test('is taken for a person’s: none of their bytes are in the trace', async () => {
    const runs = [
      await runJpki(['status', '--trace', 'status.apdu']),
      await runJpki(['sign', 'report.txt', '--detached', '--trace', 'sign.apdu'], pins().sign),
      await runJpki(['attributes', '--trust', 'simulator', '--trace', 'attributes.apdu'], pins().text),
      await runJpki(['my-number', '--show', '--trace', 'number.apdu'], pins().text),
    ];
    expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 6]);
    expect(runs[2]?.stdout).toContain(served.card.persona.holder.name);
    for (const name of ['status.apdu', 'sign.apdu', 'attributes.apdu', 'number.apdu']) {
      expect(text(name)).toContain('# holder: person\n');
      expect(text(name)).toContain('# protocol: T=1\n');
      for (const bytes of personalBytes()) expect(bytesOf(name)).not.toContain(bytes);
      // Tag and length of a certificate, and no more of it.
      expect(bytesOf(name)).not.toMatch(/3082[0-9A-F]{4}3082/);
      expect(text(name)).not.toContain(toHex(Buffer.from(pins().sign)));
    }
    expect(text('sign.apdu')).toMatch(/\{certificate:\d+/);
    expect(text('sign.apdu')).toMatch(/\{signature:256/);
    expect(runs[0]?.stderr).toContain('PINs, personal data and certificates are not in it');
  });

  test('replays up to what was left out, and says so', async () => {
    const { exitCode: code, stderr } = await runJpki(['--card', `trace:${file('status.apdu')}`, 'status']);
    expect(code).toBe(7);
    expect(stderr).toContain('--synthesize');
  });

  test('with --synthesize, replays with a virtual card’s data: what is signed verifies', async () => {
    const args = ['sign', 'report.txt', '--detached', '-o'];
    const recorded = await runJpki(
      [...args, 'own.p7s', '--trace', 'other.apdu', '--synthesize'],
      pins().sign,
    );
    expect([recorded.exitCode, recorded.stderr]).toEqual([
      0,
      expect.stringContaining("those in it are a virtual card's"),
    ]);
    expect(personalBytes(personaNamed('adult'))).toHaveLength(2);
    for (const bytes of personalBytes(personaNamed('adult')))
      expect(bytesOf('other.apdu')).not.toContain(bytes);
    for (const output of ['first.p7s', 'second.p7s']) {
      const again = await runJpki(['--card', 'trace:other.apdu', ...args, output], pins().sign);
      expect([again.exitCode, again.stderr]).toEqual([0, expect.any(String)]);
    }
    expect(readFileSync(file('second.p7s'))).toEqual(readFileSync(file('first.p7s')));
    expect(readFileSync(file('first.p7s'))).not.toEqual(readFileSync(file('own.p7s')));
    const verify = ['verify', 'first.p7s', '--content', 'report.txt', '--trust', 'simulator'];
    const { exitCode: code, stdout } = await runJpki([...verify, '--revocation', 'off', '--json']);
    expect(code).toBe(0);
    expect(stdout).toContain('模擬');
    expect(stdout).not.toContain(served.card.persona.holder.name);
    const judge = ['cms', '-verify', '-binary', '-inform', 'DER', '-noverify', '-in', 'first.p7s'];
    const openssl = await run('openssl', [...judge, '-content', 'report.txt'], { cwd: served.folder });
    expect([openssl.exitCode, openssl.stdout]).toEqual([0, 'a report\n']);
  });

  test('with --synthesize, attributes and status replay, genuine as far as the virtual card is', async () => {
    const attributes = ['attributes', '--trust', 'simulator', '--json'];
    const own = await runJpki([...attributes, '--trace', 'a.apdu', '--synthesize'], pins().text);
    const other = await runJpki(['--card', 'trace:a.apdu', ...attributes], pins().text);
    expect([own.exitCode, other.exitCode]).toEqual([0, 0]);
    expect(JSON.parse(other.stdout)).toMatchObject({ verified: true, name: expect.stringContaining('模擬') });
    expect(JSON.parse(other.stdout).name).not.toBe(JSON.parse(own.stdout).name);
    await runJpki(['status', '--trace', 's.apdu', '--synthesize']);
    const status = await runJpki(['--card', 'trace:s.apdu', 'status', '--json']);
    expect(status.exitCode).toBe(0);
    expect(JSON.parse(status.stdout)).toMatchObject({ certificates: { sign: true, auth: true } });
  });

  test('replays a PIN that a person typed with one that comes from elsewhere', async () => {
    const command = `'${process.execPath}' '${jpkiPath}' attributes --trust simulator --trace typed.apdu --synthesize`;
    const terminal = await run('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
      cwd: served.folder,
      env: { ...served.environment, LANG: 'C.UTF-8' },
      input: `${pins().text}\r`,
    });
    expect([terminal.exitCode, terminal.stdout]).toEqual([0, expect.stringContaining('4 digits')]);
    expect(text('typed.apdu')).toContain('# the person is asked for the PIN\n');
    const replayed = await runJpki(
      ['--card', 'trace:typed.apdu', 'attributes', '--trust', 'simulator'],
      pins().text,
    );
    expect([replayed.exitCode, replayed.stderr]).toEqual([0, expect.stringContaining('Tries left')]);
    expect(replayed.stdout).toContain('模擬');
  });

  test('answers a replay of its own trace as it did, with nothing spent', async () => {
    served.commands.length = 0;
    const { exitCode: code, stdout, stderr } = await runJpki(['trace', 'replay', 'sign.apdu']);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^no differences/)]);
    expect(stderr).toContain('would use a key of the card');
    const spending = served.commands.filter((command) => /^..(20..80[0-9A-F]{3}|2[4C]|2A)/.test(command));
    expect(spending).toEqual([]);
  });
});
