import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { Bench, type Run } from './jpki.ts';

const bench = new Bench();
const jpki = (...args: string[]) => bench.run(['--card', 'sim:', ...args]);
/** The same without a process of its own. */
const inside = (...args: string[]) => bench.call(['--card', 'sim:', ...args]);
const trusted = ['--trust', 'simulator'];

/** The public secrets of the default persona. */
const SECRETS = { pin: '2345', a: '999999010018', b: /^600615(\d{4})4321$/, birth: '600615' };
const codes = { a: '', b: '', birth: '' };

beforeAll(async () => {
  const { json } = await bench.run(['sim', 'personas', '--json']);
  const personas: { name: string; codes: typeof codes }[] = JSON.parse(JSON.stringify(json['personas']));
  Object.assign(codes, personas.find(({ name }) => name === 'adult')?.codes);
  expect(codes).toMatchObject({ a: SECRETS.a, birth: SECRETS.birth });
  // A second set of keys, with the same key ids.
  const env = { JPKI_SIM_PKI: bench.path('other-pki') };
  expect((await bench.run(['sim', 'pki', 'other-cas'], { env })).code).toBe(0);
  expect((await bench.run(['sim', 'pki', 'cas'])).code).toBe(0);
});

/** Every output of a command in one text. */
const said = ({ stdout, stderr }: Run) => `${stdout}${stderr}`;

describe.concurrent('jpki attributes', () => {
  it('has the JSON shape of the contract: 0 when the card proved it', async () => {
    const { code, json, stderr } = await jpki('attributes', '--json', ...trusted);
    expect(code).toBe(0);
    expect(json).toEqual({
      name: '模擬　花子',
      address: '架空県模擬市仮想町１丁目２番３号',
      birthDate: '1985-06-15',
      sex: 'female',
      verified: true,
      hierarchy: 'simulator',
      findings: [],
    });
    expect(stderr).toContain('its public input-support PIN');
    expect(stderr).toContain('Tries left: 3 of 3');
  });

  it('is shown and marked when no trusted key is above it: 6', async () => {
    for (const trust of [
      [],
      ['--trust', 'production'],
      ['--trust', 'test'],
      ['--trust', 'cas/simulator-sign-ca-3.pem'],
    ]) {
      const { code, json } = await inside('attributes', '--json', ...trust);
      expect(code).toBe(6);
      expect(json).toMatchObject({
        name: '模擬　花子',
        verified: false,
        findings: [{ code: 'CV_CA_UNKNOWN' }],
      });
    }
    expect((await jpki('attributes')).stdout).toContain('NOT VERIFIED');
    expect((await jpki('attributes', '--lang', 'ja')).stdout).toContain('未検証');
  });

  it('is trusted by a JSON file of CA keys, alone or among others', async () => {
    const file = ['--trust', 'cas/cv-anchors.json'];
    expect((await inside('attributes', '--json', ...file)).json).toMatchObject({ verified: true });
    expect((await inside('attributes', '--trust', 'production', ...file)).code).toBe(0);
  });

  it('that another key of the same name signed is forged: 1, and nothing is shown', async () => {
    const forged = ['--trust', 'other-cas/cv-anchors.json'];
    for (const command of [['attributes'], ['my-number', '--show']]) {
      const run = await jpki(...command, ...forged);
      expect(run.code).toBe(1);
      expect(run.stdout).toBe('');
      expect(said(run)).not.toMatch(/模擬|1985|999999010018/);
      const { json } = await jpki(...command, ...forged, '--json');
      expect(json).toMatchObject({ error: { code: 'ERR_CARD_FORGED' } });
    }
    for (const command of ['face', 'card-face']) {
      expect((await jpki(command, '-o', `forged-${command}`, ...forged)).code).toBe(1);
      expect(readdirSync(bench.folder).filter((name) => name.includes(`forged-${command}`))).toEqual([]);
    }
  });

  it('speaks the language of the person', async () => {
    const { stdout } = await jpki('attributes', '--lang', 'ja', ...trusted);
    expect(stdout).toContain('氏名: 模擬　花子\n住所: 架空県模擬市仮想町１丁目２番３号\n');
    expect(stdout).toContain('性別: 女\n検証済み');
    expect(stdout).toContain('これは仮想カードです');
  });

  it('opens with the PIN or 照合番号B on a descriptor; with the birth date it is the birth date alone', async () => {
    const pin = await bench.run(['--card', 'sim:', 'attributes', '--pin-fd', '3', ...trusted], {
      pin: '2345\n',
    });
    expect(pin.code).toBe(0);
    const byCode = (code: string, second: string) =>
      bench.run(['--card', 'sim:', 'attributes', '--code', code, '--code-fd', '4', '--json', ...trusted], {
        second,
      });
    expect((await byCode('b', codes.b)).json).toMatchObject({ name: '模擬　花子', verified: true });
    const birth = await byCode('birth', codes.birth);
    expect(birth.code).toBe(0);
    expect(birth.json).toMatchObject({
      name: null,
      address: null,
      birthDate: '1985-06-15',
      sex: null,
      verified: true,
    });
    const wrong = await byCode('b', '60061520364322');
    expect(wrong.code).toBe(4);
    expect(wrong.json).toMatchObject({ error: { code: 'ERR_PIN_INCORRECT', triesLeft: 9 } });
  });

  it.each([
    ['three digits', ['--pin-fd', '3'], '234'],
    ['letters', ['--pin-fd', '3'], 'abcd'],
    ['thirteen digits for 照合番号B', ['--code', 'b', '--code-fd', '3'], '6006152036432'],
    ['a date with hyphens', ['--code', 'birth', '--code-fd', '3'], '60-06-15'],
  ])('refuses a malformed secret (%s) before the card is touched: 2', async (what, args, pin) => {
    const state = `malformed-${what.replaceAll(' ', '-')}.state`;
    const run = await bench.call(['--card', `sim:adult@${state}`, 'attributes', '--json', ...args], { pin });
    expect(run.code).toBe(2);
    expect(run.json).toMatchObject({ error: { code: 'ERR_PIN_FORMAT' } });
    expect(existsSync(bench.path(state))).toBe(false);
  });

  it('of a blocked PIN ends with 5, and no kiosk helps', async () => {
    const { code, stderr } = await bench.run(['--card', 'sim:blocked', 'attributes']);
    expect(code).toBe(5);
    expect(stderr).toContain('市区町村窓口');
    expect(stderr).not.toContain('kiosk');
  });

  it.each([
    ['child', 0, { verified: true }],
    ['foreign-resident', 0, { name: 'SIMULATED　JANE　DOE', verified: true }],
    ['no-certificates', 0, { verified: true }],
    ['generation-1', 0, { verified: true }],
    ['phone-android', 3, { error: { code: 'ERR_CARD_KIND' } }],
    ['phone-iphone', 3, { error: { code: 'ERR_CARD_KIND' } }],
    ['juki', 3, { error: { code: 'ERR_CARD_KIND' } }],
  ])('of the persona %s ends with %i', async (persona, exit, shape) => {
    const { code, json } = await bench.call(['--card', `sim:${persona}`, 'attributes', '--json', ...trusted]);
    expect(code).toBe(exit);
    expect(json).toMatchObject(shape);
  });

  it('of a card without PINs (顔認証) opens by the codes printed on it; the PIN is not there: 3', async () => {
    const card = ['--card', 'sim:face-auth', 'attributes', '--json', ...trusted];
    expect((await bench.call([...card, '--code', 'b'])).json).toMatchObject({ verified: true });
    const { code, json } = await bench.run(card);
    expect(code).toBe(3);
    expect(json).toMatchObject({ error: { code: 'ERR_PIN_ABSENT', remedy: 'visit-municipality' } });
  });

  it.each([
    ['is not there', 'missing.json'],
    ['is no JSON', 'broken.json'],
    ['has other fields', 'other.json'],
  ])('trusts nobody when the file %s: 9', async (_, name) => {
    writeFileSync(bench.path('broken.json'), '{"anchors": [');
    writeFileSync(bench.path('other.json'), '{"keys": []}');
    expect((await inside('attributes', '--trust', name)).code).toBe(9);
  });
});

describe.concurrent('jpki my-number', () => {
  it('shows nothing without --show: 2, before any PIN', async () => {
    const run = await jpki('my-number', ...trusted);
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('--show');
    expect(run.stderr).not.toContain('Tries left');
    expect(said(run)).not.toContain(SECRETS.a);
  });

  it('has the JSON shape of the contract', async () => {
    const { code, json } = await jpki('my-number', '--show', '--json', ...trusted);
    expect(code).toBe(0);
    expect(json).toMatchObject({ myNumber: SECRETS.a, verified: true });
    const unverified = await jpki('my-number', '--show', '--json');
    expect(unverified.code).toBe(6);
    expect(unverified.json).toMatchObject({ myNumber: SECRETS.a, verified: false });
  });

  it('speaks of the law', async () => {
    expect((await inside('my-number', '--show', ...trusted)).stderr).toContain('番号法');
    const ja = await inside('my-number', '--show', '--lang', 'ja', ...trusted);
    expect(ja.stdout).toContain(`個人番号: ${SECRETS.a}`);
    expect(ja.stderr).toContain('他人の個人番号');
  });

  it('is read encrypted with --secure-messaging, also by 照合番号A, which then goes encrypted too', async () => {
    const show = ['my-number', '--show', '--json', '--secure-messaging', ...trusted];
    expect((await jpki(...show)).json).toMatchObject({ myNumber: SECRETS.a, verified: true });
    const run = await bench.run(
      ['--card', 'sim:', ...show, '--code', 'a', '--code-fd', '4', '--pin-fd', '3'],
      {
        pin: SECRETS.pin,
        second: codes.a,
      },
    );
    expect(run.json).toMatchObject({ myNumber: SECRETS.a, verified: true });
  });

  it('opens with 照合番号A, and a wrong one costs one of its tries alone', async () => {
    const byA = (second: string, state: string) =>
      bench.run(
        [
          '--card',
          `sim:adult@${state}`,
          'my-number',
          '--show',
          '--json',
          '--code',
          'a',
          '--code-fd',
          '4',
          ...trusted,
        ],
        { second },
      );
    expect((await byA(codes.a, 'a.state')).json).toMatchObject({ verified: true });
    const wrong = await byA('000000000000', 'a-wrong.state');
    expect(wrong.code).toBe(4);
    expect(wrong.json).toMatchObject({ error: { triesLeft: 9 } });
    const { json } = await bench.run(['--card', 'sim:adult@a-wrong.state', 'pin', 'status', '--json']);
    expect(json).toMatchObject({ pins: { text: { triesLeft: 3 } } });
  });
});

describe.concurrent('what nobody asked for', () => {
  it('is in no output: no 個人番号, no PIN, no code', async () => {
    const runs = await Promise.all(
      [
        ['attributes', ...trusted],
        ['attributes', '--json'],
        ['face', '-o', 'quiet.png'],
        ['card-face', '-o', 'quiet.html'],
        ['status', '--json'],
        ['status'],
        ['my-number', '--json'],
      ].map((args) => jpki(...args)),
    );
    for (const run of runs) {
      // An identifier made by a hash, and a serial number, have any digits by chance.
      const words = said(run).replaceAll(/\b(?:[0-9a-f]{64}|[0-9a-f]{16}|[0-9A-F]{8})\b/g, 'identifier');
      expect(words).not.toMatch(/(?<!\d)\d{12}(?!\d)/);
      for (const secret of [SECRETS.pin, codes.a, codes.b]) expect(words).not.toContain(secret);
    }
  });

  it('is asked of nobody under --no-input', async () => {
    const commands = [['attributes'], ['my-number', '--show'], ['face'], ['card-face', '-o', 'none.html']];
    for (const command of [...commands, ['attributes', '--code', 'b']]) {
      const { code, json } = await bench.run([...command, '--no-input', '--json']);
      expect(code).toBe(2);
      expect(json).toMatchObject({ error: { code: 'ERR_PIN_NEEDED' } });
    }
  });
});
