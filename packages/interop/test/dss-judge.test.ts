import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DssJob, type DssJudge, type DssSignature, dssJudge, dssRequirement } from '../src/dss-judge.ts';
import { commandRequirement, requirements } from '../src/requirement.ts';
import { run } from '../src/run.ts';

const needed = requirements(await dssRequirement(), commandRequirement('openssl', 'openssl'));

const TEXT = 'The judge must be right before it may judge.\n';

/** keyUsage: what a document-signing certificate has. */
const LEAF_EXTENSIONS = `basicConstraints = CA:FALSE
keyUsage = critical, digitalSignature, nonRepudiation
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
`;

describe('the DSS judge on signatures by OpenSSL', needed, () => {
  let folder: string;
  let judge: DssJudge;
  const at = (name: string) => join(folder, name);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dss-judge-'));
    await makeCertificates();
    await writeFile(at('text'), TEXT);
    await writeFile(at('changed-text'), TEXT.replace('right', 'wrong'));
    judge = dssJudge();
  });

  afterAll(async () => {
    await judge?.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('an attached CAdES signature is CAdES-BASELINE-B and passes', async () => {
    await sign('attached', '-cades', '-nodetach');
    expect(await theSignatureOf({ signature: at('attached') })).toMatchObject({
      ...PASSED,
      format: 'CAdES-BASELINE-B',
      signer: 'Judged Leaf',
      structureMessages: [],
      scopes: ['FULL'],
    });
  });

  test('a detached CAdES signature is CAdES-BASELINE-B and passes with its content', async () => {
    await sign('detached', '-cades');
    expect(await theSignatureOf({ signature: at('detached'), content: at('text') })).toMatchObject({
      ...PASSED,
      format: 'CAdES-BASELINE-B',
    });
  });

  test('a signature without signing-certificate-v2 is CMS-NOT-ETSI, attached or detached', async () => {
    await sign('plain-attached', '-nodetach');
    await sign('plain-detached');
    const answers = await Promise.all([
      theSignatureOf({ signature: at('plain-attached') }),
      theSignatureOf({ signature: at('plain-detached'), content: at('text') }),
    ]);
    expect(answers.map(({ format }) => format)).toEqual(['CMS-NOT-ETSI', 'CMS-NOT-ETSI']);
    expect(answers.map(({ signatureIntact }) => signatureIntact)).toEqual([true, true]);
  });

  test('changed content is not intact, attached or detached', async () => {
    await sign('intact', '-cades', '-nodetach');
    await sign('of-the-text', '-cades');
    const bytes = await readFile(at('intact'), 'latin1');
    await writeFile(at('tampered'), bytes.replace('right', 'wrong'), 'latin1');
    for (const job of [
      { signature: at('tampered') },
      { signature: at('of-the-text'), content: at('changed-text') },
    ]) {
      expect(await theSignatureOf(job)).toMatchObject({
        signatureIntact: false,
        contentIntact: false,
        signatureValid: false,
        indication: 'TOTAL_FAILED',
        subIndication: 'HASH_FAILURE',
      });
    }
  });

  test('a changed signature value is not intact although the content is', async () => {
    await sign('changed-value', '-cades');
    const bytes = await readFile(at('changed-value'));
    // Without unsigned attributes the signature value is the last element, so the last byte is its last byte.
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
    await writeFile(at('changed-value'), bytes);
    expect(await theSignatureOf({ signature: at('changed-value'), content: at('text') })).toMatchObject({
      signatureIntact: false,
      contentIntact: true,
      indication: 'TOTAL_FAILED',
      subIndication: 'SIG_CRYPTO_FAILURE',
    });
  });

  test('missing content is said to be missing', async () => {
    await sign('alone', '-cades');
    expect(await theSignatureOf({ signature: at('alone') })).toMatchObject({
      signatureValid: false,
      indication: 'INDETERMINATE',
      subIndication: 'SIGNED_DATA_NOT_FOUND',
    });
  });

  test('trust comes from the given certificates and from nowhere else', async () => {
    await sign('untrusted', '-cades', '-nodetach');
    expect(await theSignatureOf({ signature: at('untrusted'), trusted: [] })).toMatchObject({
      signatureIntact: true,
      indication: 'INDETERMINATE',
      subIndication: 'NO_CERTIFICATE_CHAIN_FOUND',
    });
  });

  test('the default policy of DSS waits for revocation data, which the judge never fetches', async () => {
    await sign('unrevoked', '-cades', '-nodetach');
    expect(await theSignatureOf({ signature: at('unrevoked'), revocation: 'required' })).toMatchObject({
      format: 'CAdES-BASELINE-B',
      signatureIntact: true,
      indication: 'INDETERMINATE',
      subIndication: 'CERTIFICATE_CHAIN_GENERAL_FAILURE',
    });
  });

  test('a later time of validation finds the certificate expired', async () => {
    await sign('old', '-cades', '-nodetach');
    const later = new Date(Date.now() + 365 * 86_400_000);
    expect(await theSignatureOf({ signature: at('old'), at: later })).toMatchObject({
      signatureIntact: true,
      indication: 'INDETERMINATE',
      subIndication: 'OUT_OF_BOUNDS_NO_POE',
    });
  });

  test('two signers give two findings', async () => {
    await sign('two', '-cades', '-nodetach', '-signer', at('ca.pem'), '-inkey', at('ca.key'));
    const { signatures } = await ask({ signature: at('two') });
    expect(signatures.map(({ signer }) => signer).sort()).toEqual(['Judged CA', 'Judged Leaf']);
  });

  // OpenSSL always puts signing-time among the signed attributes, which PAdES baseline forbids (EN 319 142-1, 6.3).
  test('a PDF whose CMS has a signing-time is intact but only PAdES-BES', async () => {
    const pdf = await signedPdf();
    await writeFile(at('signed.pdf'), pdf);
    expect(await theSignatureOf({ signature: at('signed.pdf') })).toMatchObject({
      ...PASSED,
      format: 'PAdES-BES',
      structureMessages: [],
      scopes: ['FULL'],
    });
  });

  test('a PDF changed after it was signed is not intact', async () => {
    const pdf = await signedPdf();
    await writeFile(at('changed.pdf'), pdf.replace('0 0 300 400', '0 0 400 300'));
    expect(await theSignatureOf({ signature: at('changed.pdf') })).toMatchObject({
      signatureIntact: false,
      indication: 'TOTAL_FAILED',
      subIndication: 'HASH_FAILURE',
    });
  });

  test('a file that is no signature is refused, and the judge goes on', async () => {
    expect(await ask({ signature: at('text') })).toEqual({
      signatures: [],
      error: { type: 'UnsupportedOperationException', message: 'Document format not recognized/handled' },
    });
    expect((await ask({ signature: at('no-such-file') })).error?.type).toBe('DSSException');
    await sign('after', '-cades', '-nodetach');
    expect(await theSignatureOf({ signature: at('after') })).toMatchObject(PASSED);
  });

  test('a judge that was closed answers nothing more', async () => {
    const other = dssJudge();
    const last = other.ask({ signature: at('text'), trusted: [] });
    await other.close();
    expect((await last).error?.type).toBe('UnsupportedOperationException');
    await expect(other.ask({ signature: at('text'), trusted: [] })).rejects.toThrow('has ended');
  });

  const PASSED: Partial<DssSignature> = {
    signatureIntact: true,
    contentIntact: true,
    signatureValid: true,
    structureValid: true,
    indication: 'TOTAL_PASSED',
    subIndication: null,
  };

  type Question = Omit<DssJob, 'trusted'> & Partial<Pick<DssJob, 'trusted'>>;

  const ask = (job: Question) => judge.ask({ trusted: [at('ca.pem')], ...job });

  async function theSignatureOf(job: Question): Promise<DssSignature> {
    const { signatures, error } = await ask(job);
    const [signature] = signatures;
    if (signatures.length !== 1 || !signature) {
      throw new Error(`${signatures.length} signatures, ${error?.type}: ${error?.message}`);
    }
    return signature;
  }

  async function openssl(...args: string[]): Promise<void> {
    const { exitCode, stderr } = await run('openssl', args, { cwd: folder });
    if (exitCode !== 0) throw new Error(`openssl ${args.join(' ')}\n${stderr}`);
  }

  async function makeCertificates(): Promise<void> {
    await writeFile(at('extensions'), LEAF_EXTENSIONS);
    const newKey = ['-newkey', 'rsa:2048', '-noenc', '-keyout'];
    const ca = ['-x509', '-days', '30', '-addext', 'keyUsage = critical, keyCertSign, cRLSign'];
    await openssl('req', ...ca, ...newKey, 'ca.key', '-subj', '/CN=Judged CA', '-out', 'ca.pem');
    await openssl('req', ...newKey, 'leaf.key', '-subj', '/CN=Judged Leaf', '-out', 'leaf.csr');
    const issue = ['-req', '-days', '10', '-extfile', 'extensions', '-CA', 'ca.pem', '-CAkey', 'ca.key'];
    await openssl('x509', ...issue, '-CAcreateserial', '-in', 'leaf.csr', '-out', 'leaf.pem');
  }

  async function sign(to: string, ...options: string[]): Promise<void> {
    const signer = ['-signer', 'leaf.pem', '-inkey', 'leaf.key', '-in', 'text', '-out', to];
    await openssl('cms', '-sign', '-binary', '-outform', 'DER', ...signer, ...options);
  }

  /** A PDF of one empty page with an OpenSSL CMS in its signature field; ASCII throughout. */
  async function signedPdf(): Promise<string> {
    const pdf = unsignedPdf();
    const [start, end] = [pdf.indexOf('<000'), pdf.indexOf('000>') + 4];
    const range = `[0 ${start} ${end} ${pdf.length - end}]`.padEnd('[0 00000 00000 00000]'.length);
    const ready = pdf.replace('[0 00000 00000 00000]', range);
    await writeFile(at('pdf.range'), ready.slice(0, start) + ready.slice(end));
    await sign('pdf.cms', '-cades', '-in', 'pdf.range');
    const hex = (await readFile(at('pdf.cms'))).toString('hex').padEnd(end - start - 2, '0');
    return `${ready.slice(0, start)}<${hex}>${ready.slice(end)}`;
  }
});

function unsignedPdf(): string {
  const date = new Date().toISOString().replace(/[-:T]/g, '').slice(0, 14);
  const objects = [
    '<</Type/Catalog/Pages 2 0 R/AcroForm<</SigFlags 3/Fields[4 0 R]>>>>',
    '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    '<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 400]/Annots[4 0 R]>>',
    '<</Type/Annot/Subtype/Widget/FT/Sig/T(Signature)/F 132/Rect[0 0 0 0]/P 3 0 R/V 5 0 R>>',
    `<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/M(D:${date}Z)` +
      `/ByteRange[0 00000 00000 00000]/Contents<${'0'.repeat(8192)}>>>`,
  ];
  let pdf = '%PDF-1.7\n';
  const offsets = objects.map((object, index) => {
    const offset = pdf.length;
    pdf += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(offset).padStart(10, '0')} 00000 n \n`;
  });
  const xref = pdf.length;
  const size = objects.length + 1;
  return `${pdf}xref\n0 ${size}\n0000000000 65535 f \n${offsets.join('')}trailer\n<</Size ${size}/Root 1 0 R>>\nstartxref\n${xref}\n%%EOF\n`;
}
