import { CardManager, JpkiApplication, TextApplication, VisualApplication } from '@jpki/applets';
import { Card, layered, Pin } from '@jpki/iso7816';
import { accessCodes, openSimulatorPki, openVirtualCard, type SimulatorPki } from '@jpki/simulator';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { compareTraces } from '../compare/compare-traces.ts';
import type { Holder, Trace, TraceEntry } from '../model.ts';
import { recorder } from '../record/record.ts';
import { formatTrace } from '../text/format.ts';
import { parseTrace } from '../text/parse.ts';
import { decodeTrace } from './decode-trace.ts';
import { formatDecoded } from './format-decoded.ts';

let pki: SimulatorPki;
beforeAll(async () => {
  pki = await openSimulatorPki({ folder: inject('simulatorKeys') });
});

const pinOf = (text: string | undefined) => Pin.fromBytes(Buffer.from(text ?? ''));
const digest = new Uint8Array(32).fill(7);

/** Reads, signs and mistypes a PIN, and returns the trace as it is read back from its text. */
async function record(holder: Holder, message: Uint8Array = digest): Promise<Trace> {
  const virtual = await openVirtualCard({ pki });
  const { pins } = virtual.persona;
  const entries: TraceEntry[] = [];
  let time = 0;
  const recording = recorder((entry) => entries.push(entry), { holder, clock: () => (time += 2.5) });
  const card = new Card(layered(virtual, recording.layer));
  entries.push({ type: 'heading', text: 'signing' });
  await new JpkiApplication(card).sign.withSigner({ pin: pinOf(pins.sign) }, (signer) =>
    signer.sign('sha256', message),
  );
  entries.push({ type: 'heading', text: 'wrong PIN' });
  const wrong = new JpkiApplication(card).auth.withSigner({ pin: pinOf('0000') }, () => Promise.resolve());
  await expect(wrong).rejects.toThrow();
  entries.push({ type: 'heading', text: 'records' });
  await new TextApplication(card).attributes({ secret: { pin: pinOf(pins.text) }, trust: 'unproven' });
  await new TextApplication(card).myNumber({ secret: { pin: pinOf(pins.text) }, trust: 'unproven' });
  const b = pinOf(accessCodes(virtual.persona)?.b);
  await new VisualApplication(card).face({ secret: { numberB: b }, trust: 'unproven' });
  await new CardManager(card).data(0x00f8);
  expect(recording.failure).toBeUndefined();
  const trace: Trace = { header: { title: 'all sorts', holder, atr: virtual.atr, protocol: 'T=1' }, entries };
  return parseTrace(formatTrace(trace));
}

const textOf = (trace: Trace, lang: 'ja' | 'en' = 'en') =>
  formatDecoded(decodeTrace(trace), { lang }).join('\n');

describe('a trace of the virtual card', () => {
  test('is opened down to certificates, records and pictures', async () => {
    const trace = await record('invented');
    const text = textOf(trace);
    for (const expected of [
      /== signing\n +\d+ {2}SELECT 公的個人認証AP, 2.5 ms +9000\n/,
      /VERIFY 署名用パスワード → 5 tries left \(right\), 2.5 ms +9000\n/,
      /READ 署名用電子証明書 0\.\.\d{4} \(\d parts\), [\d.]+ ms +9000\n {7}serial {3}[0-9A-F]{6,}\n/,
      /issuer {3}C=JP, O=JPKI-SIMULATOR, OU=JPKI for digital signature/,
      /subject {2}C=JP, L=\S+, L=\S+, CN=\d{27}A\n/,
      /valid {4}\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ … \d{4}-\d\d-\d\dT14:59:59Z\n {7}key {6}RSA 2048\n/,
      /SIGN SHA-256 DigestInfo, 2.5 ms +9000\n {7}key {5}署名用秘密鍵\n {7}digest {2}(?:07){32}\n/,
      /VERIFY 利用者証明用暗証番号 → 2 tries left \(wrong\), 2.5 ms +63C2\n/,
      /DF22 氏名 {6}模擬　花子\n/,
      /DF24 生年月日 {2}"\d{8}"\n/,
      /DF25 氏名の画像 .*PNG, \d+ bytes\n/,
      /DF27 顔写真 .*JPEG 2000, \d+ bytes\n/,
      /DF24 内部認証用公開鍵 .*RSA 2048\n/,
      /GET DATA 中間鍵の証明書, 2.5 ms +9000\n {7}issuer {3}9000020\/001 \(A8\)\n/,
      /PIN tries spent {3}利用者証明用暗証番号 1$/,
    ])
      expect(text).toMatch(expected);
    expect(textOf(trace, 'ja')).toMatch(/署名 SHA-256 DigestInfo、2\.5 ms +9000\n {7}鍵 {10}署名用秘密鍵\n/);
  });

  test('of a person names what was not recorded, in as few lines', async () => {
    const text = textOf(await record('person'));
    expect(text).toMatch(
      /READ 署名用電子証明書 .*\n {7}SEQUENCE {2}\[署名用電子証明書 \d+ bytes, not recorded\]\n/,
    );
    expect(text).toMatch(/READ 基本4情報 .*\n {7}FF20 基本4情報 {2}\[基本4情報 \d+ bytes, not recorded\]\n/);
    expect(text).toMatch(
      /READ 個人番号 0..16, .*\n {7}FF10 個人番号 {2}\[個人番号 12 bytes, not recorded\]\n/,
    );
    expect(text).not.toContain('模擬');
    expect(text).not.toContain('O=JPKI-SIMULATOR, OU=JPKI for digital signature, L=');
  });

  test('is the same as another one of the same thing, except for what was signed', async () => {
    const [one, two] = [await record('invented'), await record('invented')];
    expect(compareTraces(one, two).differences).toEqual([]);
    const other = await record('invented', new Uint8Array(32).fill(8));
    expect(compareTraces(one, other)).toMatchObject({ differences: [], more: 0 });
    expect(compareTraces(one, await record('person'), { ignore: 'certificates' }).differences).toEqual([]);
  });
});
