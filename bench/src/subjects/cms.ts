import { execFileSync } from 'node:child_process';
import { createHash, randomBytes, verify, webcrypto } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCertificate } from '@jpki/core';
import {
  buildSignedData,
  encodeSignedData,
  prepareSignature,
  readSignedData,
  VerificationCache,
  type VerifyOptions,
  verifySignedData,
} from '@jpki/core/cms';
import * as asn1js from 'asn1js';
import * as pkijs from 'pkijs';
import { type Identity, workFolder } from '../identity.ts';
import { type Options, type Row, sideBySide } from '../side-by-side.ts';
import { type Report, ratioOf } from '../subject.ts';

const KILOBYTE = 1 << 10;
const HUNDRED_MEGABYTES = 100 << 20;

/** Verifying a detached CMS signature: 1 KB, where the structure counts, and 100 MB, where the hash does. */
export async function cmsSubject(identity: Identity): Promise<Report[]> {
  const small = await verifyRows(identity, randomBytes(KILOBYTE), {});
  const large = await verifyRows(identity, Buffer.alloc(HUNDRED_MEGABYTES, 7), {
    rounds: 3,
    milliseconds: 1,
  });
  return [
    { title: 'Verify a CMS signature, 1 KB, detached', rows: small, goals: smallGoals(small) },
    {
      title: 'Verify a CMS signature, 100 MB, detached',
      rows: large,
      goals: [{ what: 'over hash + 2 verifies', value: ratioOf(large, COLD, FLOOR), goal: 1.05 }],
    },
    await buildReport(identity),
  ];
}

const FLOOR = 'floor: hash + 2 × crypto.verify, cached keys';
const FLOOR_1 = 'floor: hash + 1 × crypto.verify, cached key';
const COLD = 'jpki: signer not met before';
const CACHED = 'jpki: signer met before';
const PKIJS = 'pkijs 4: SignedData.verify';
const OPENSSL = 'openssl cms -verify (a process)';

function smallGoals(rows: readonly Row[]) {
  return [
    { what: 'new signer over the 2-verify floor', value: ratioOf(rows, COLD, FLOOR), goal: 1.8 },
    { what: 'known signer over the 1-verify floor', value: ratioOf(rows, CACHED, FLOOR_1), goal: 1.3 },
    { what: 'share of pkijs 4', value: ratioOf(rows, COLD, PKIJS), goal: 1 / 70 },
  ];
}

async function verifyRows(identity: Identity, content: Buffer, options: Options): Promise<Row[]> {
  const { signer, certificate, ca, caKey, publicKey, anchor } = identity;
  const cms = Buffer.from(await buildSignedData(content, [signer], { detached: true }));
  const digest = () => createHash('sha256').update(content).digest();
  const message = Buffer.from('what a signature is over');
  const signature = Buffer.from(await signer.sign('sha256', createHash('sha256').update(message).digest()));
  // What the CA signed: a signature that is none of its own may fail before its key is used at all.
  const issued = readCertificate(certificate);
  const stranger: VerifyOptions = { trust: [anchor], content, revocation: 'off' };
  const acquaintance = { ...stranger, cache: new VerificationCache() };
  const verifyOurs = (options: VerifyOptions) => {
    const verdict = verifySignedData(readSignedData(cms), options);
    if (verdict.status !== 'valid') throw new Error('the bench verifies a valid signature');
  };
  const rows = await sideBySide(
    {
      [FLOOR]: () => {
        digest();
        verify('sha256', message, publicKey, signature);
        verify('sha256', issued.tbs, caKey, issued.signature);
      },
      [FLOOR_1]: () => {
        digest();
        verify('sha256', message, publicKey, signature);
      },
      [COLD]: () => verifyOurs(stranger),
      [CACHED]: () => verifyOurs(acquaintance),
      [PKIJS]: () => verifyWithPkijs(cms, content, ca),
    },
    options,
  );
  return [...rows, opensslRow(identity, cms, content, rows)];
}

async function verifyWithPkijs(cms: Buffer, content: Buffer, ca: Buffer): Promise<void> {
  const info = new pkijs.ContentInfo({ schema: parse(cms) });
  const data = new pkijs.SignedData({ schema: info.content });
  const engine = new pkijs.CryptoEngine({ crypto: webcrypto as Crypto });
  const trusted = new pkijs.Certificate({ schema: parse(ca) });
  const options = { signer: 0, data: arrayBuffer(content), trustedCerts: [trusted], checkChain: true };
  const result = await data.verify(options, engine).catch((error: unknown) => error);
  if (result !== true) throw new Error(`pkijs did not verify: ${JSON.stringify(result)}`);
}

function parse(der: Buffer): asn1js.AsnType {
  return asn1js.fromBER(arrayBuffer(der)).result;
}

function arrayBuffer(bytes: Buffer): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}

/** OpenSSL as a whole process: wall time, since its CPU time is not ours to see. */
function opensslRow({ ca }: Identity, cms: Buffer, content: Buffer, rows: readonly Row[]): Row {
  const file = (name: string, bytes: Buffer | string) => {
    const path = join(workFolder, name);
    writeFileSync(path, bytes);
    return path;
  };
  const pem = `-----BEGIN CERTIFICATE-----\n${ca.toString('base64')}\n-----END CERTIFICATE-----\n`;
  const paths = { cms: file('bench.p7s', cms), content: file('bench.bin', content), ca: file('ca.pem', pem) };
  const args = `cms -verify -binary -inform DER -in ${paths.cms} -content ${paths.content} -CAfile ${paths.ca} -purpose any`;
  const times: number[] = [];
  for (let run = 0; run < 7; run++) {
    const start = performance.now();
    execFileSync('openssl', [...args.split(' '), '-out', '/dev/null'], { stdio: 'ignore' });
    times.push((performance.now() - start) * 1000);
  }
  const cpu = times.sort((a, b) => a - b)[3] ?? Number.NaN;
  return { name: OPENSSL, cpu, ratio: cpu / (rows[0]?.cpu ?? Number.NaN) };
}

/** Building a signature; the software key stands in for the card, which takes hundreds of times longer. */
async function buildReport({ signer, certificate }: Identity): Promise<Report> {
  const content = randomBytes(KILOBYTE);
  const contentDigest = createHash('sha256').update(content).digest();
  const signature = Buffer.from(await signer.sign('sha256', contentDigest));
  const rows = await sideBySide({
    [SIGN_ONLY]: () => signer.sign('sha256', contentDigest),
    [STRUCTURE]: () =>
      encodeSignedData([{ prepared: prepareSignature({ contentDigest, certificate }), signature }]),
    [BUILD]: () => buildSignedData(content, [signer], { detached: true }),
  });
  return {
    title: 'Build a CAdES baseline B signature, 1 KB, detached',
    rows,
    goals: [
      {
        what: 'structure over one software RSA signature',
        value: ratioOf(rows, STRUCTURE, SIGN_ONLY),
        goal: 0.1,
      },
      {
        what: 'build, sign and check over the signature alone',
        value: ratioOf(rows, BUILD, SIGN_ONLY),
        goal: 1.4,
      },
    ],
  };
}

const SIGN_ONLY = 'floor: one software RSA signature';
const STRUCTURE = 'jpki: structure only';
const BUILD = 'jpki: build, sign, and check the signature';
