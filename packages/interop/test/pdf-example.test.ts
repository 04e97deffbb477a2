import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PDFDocument } from '@cantoo/pdf-lib';
import { JpkiApplication } from '@jpki/applets';
import { SignatureMismatchError, softwareSigner } from '@jpki/core';
import { Card, Pin } from '@jpki/iso7816';
import { openSimulatorPki, openVirtualCard, personaNamed, type SimulatorPki } from '@jpki/simulator';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { embedSignature, preparePdf, signPdf } from '../../../docs/examples/pdf.ts';
import { type DssJudge, dssJudge, dssRequirement } from '../src/dss-judge.ts';
import { commandRequirement, requirements } from '../src/requirement.ts';
import { run } from '../src/run.ts';

const needed = requirements(await dssRequirement(), commandRequirement('pdfsig', 'poppler-utils'));

describe('the PDF example, judged by poppler and DSS', needed, () => {
  let folder: string;
  let pki: SimulatorPki;
  let judge: DssJudge;
  let pdf: Uint8Array;
  let ca: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'jpki-pdf-'));
    pki = await openSimulatorPki({ folder: join(folder, 'pki') });
    judge = dssJudge();
    const document = await PDFDocument.create();
    document.addPage([300, 200]).drawText('A document to be signed', { x: 20, y: 100, size: 14 });
    pdf = await document.save();
    ca = join(folder, 'ca.der');
    await writeFile(ca, await pki.caCertificate('sign'));
  });
  afterAll(async () => {
    await judge?.close();
    await rm(folder, { recursive: true });
  });

  async function signOnCard(bytes: Uint8Array): Promise<Uint8Array> {
    await using card = new Card(await openVirtualCard({ pki }));
    const pin = Pin.fromBytes(Buffer.from('ABC123'));
    return await new JpkiApplication(card).sign.withSigner({ pin }, (signer) => signPdf(bytes, signer));
  }

  async function save(name: string, bytes: Uint8Array): Promise<string> {
    const path = join(folder, name);
    await writeFile(path, bytes);
    return path;
  }

  const pdfsig = async (path: string) => (await run('pdfsig', ['-nocert', path])).stdout;

  test('pdfsig calls the signature valid', async () => {
    const path = await save('signed.pdf', await signOnCard(pdf));
    const report = await pdfsig(path);
    expect(report).toContain('Signature Validation: Signature is Valid.');
    expect(report).toContain('Signature Type: ETSI.CAdES.detached');
    expect(report).toContain('Total document signed');
  });

  test('DSS calls it PAdES-BASELINE-B, intact and covering the whole file', async () => {
    const path = await save('signed.pdf', await signOnCard(pdf));
    const { signatures } = await judge.ask({ signature: path, trusted: [ca] });
    expect(signatures).toMatchObject([
      {
        format: 'PAdES-BASELINE-B',
        signatureIntact: true,
        contentIntact: true,
        indication: 'TOTAL_PASSED',
        scopes: ['FULL'],
      },
    ]);
  });

  test('a second signature keeps the first valid and does not touch its bytes', async () => {
    const once = await signOnCard(pdf);
    const twice = await signOnCard(once);
    expect(Buffer.from(twice.subarray(0, once.length)).equals(once)).toBe(true);
    const report = await pdfsig(await save('twice.pdf', twice));
    expect(report.match(/Signature is Valid\./g)).toHaveLength(2);
  });

  test('the original is the beginning of the signed file', async () => {
    const signed = await signOnCard(pdf);
    expect(Buffer.from(signed.subarray(0, pdf.length)).equals(pdf)).toBe(true);
  });

  test('pdfsig and DSS notice a changed page', async () => {
    const signed = Buffer.from(await signOnCard(pdf));
    signed[40] = (signed[40] ?? 0) ^ 1;
    const path = await save('changed.pdf', signed);
    expect(await pdfsig(path)).not.toContain('Signature is Valid.');
    const { signatures } = await judge.ask({ signature: path, trusted: [ca] });
    expect(signatures.every(({ signatureIntact }) => signatureIntact)).toBe(false);
  });

  test('preparing, signing elsewhere and embedding may happen at three places', async () => {
    const key = await pki.holderKey(personaNamed('adult'), 'sign');
    if (key === undefined) throw new Error('the adult has a signing key');
    const elsewhere = softwareSigner(key);
    const file = await preparePdf(pdf, elsewhere);
    const signature = await elsewhere.sign(file.prepared.hash, file.prepared.toBeSigned);
    const path = await save('three-places.pdf', embedSignature(file, signature));
    expect(await pdfsig(path)).toContain('Signature is Valid.');
    expect(await readFile(path)).toHaveLength(file.bytes.length);
  });

  test('a value that is not the signature is refused', async () => {
    const key = await pki.holderKey(personaNamed('adult'), 'sign');
    if (key === undefined) throw new Error('the adult has a signing key');
    const file = await preparePdf(pdf, softwareSigner(key));
    expect(() => embedSignature(file, new Uint8Array(256))).toThrow(SignatureMismatchError);
  });
});
