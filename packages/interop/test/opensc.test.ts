import { X509Certificate } from 'node:crypto';
import { toHex } from '@jpki/iso7816';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pcscdRequirement } from '../src/private-pcscd.ts';
import { commandRequirement, requirements } from '../src/requirement.ts';
import { run } from '../src/run.ts';
import { type ServedCard, serveCard } from '../src/served-card.ts';

const needed = requirements(
  pcscdRequirement(),
  commandRequirement('pkcs15-tool', 'opensc'),
  commandRequirement('pkcs11-tool', 'opensc'),
  commandRequirement('openssl', 'openssl'),
);

/** A PEM certificate as hex, so that a difference stays readable. */
const hexOf = (pem: string) => toHex(new X509Certificate(pem).raw);

describe('OpenSC on the virtual card in a real pcscd', needed, () => {
  let served: ServedCard;

  beforeAll(async () => {
    served = await serveCard();
  });
  afterAll(() => served?.[Symbol.asyncDispose]());

  const openSc = (command: string, ...args: string[]) => run(command, args, { env: served.environment });

  test('pkcs15-tool names the token, both PINs, both keys and all four certificates', async () => {
    const { stdout, stderr, exitCode } = await openSc('pkcs15-tool', '-D');
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toContain('JPKI');
    expect(stdout.match(/^X\.509 Certificate/gm)).toHaveLength(4);
    expect(stdout.match(/^Private RSA Key/gm)).toHaveLength(2);
    expect(stdout.match(/^PIN \[/gm)).toHaveLength(2);
    expect(stdout).toMatch(/User Authentication PIN[\s\S]*Tries left\s*: 3/);
    expect(stdout).toMatch(/Digital Signature PIN[\s\S]*Tries left\s*: 5/);
  });

  // OpenSC's own ids: 01 user authentication, 02 digital signature, 03 and 04 their CAs.
  test.each([
    ['01', 'auth', []],
    ['02', 'sign', ['--verify-pin', '--auth-id', '02', '--pin', 'ABC123']],
  ] as const)('reads the holder certificate %s (%s) as it is', async (id, kind, pin) => {
    const { stdout, stderr } = await openSc('pkcs15-tool', '--read-certificate', id, ...pin);
    const key = await served.pki.holderKey(served.card.persona, kind);
    expect(hexOf(stdout || stderr)).toBe(toHex(key?.certificate ?? new Uint8Array()));
  });

  test.each([
    ['03', 'auth'],
    ['04', 'sign'],
  ] as const)('reads the CA certificate %s (%s) as it is', async (id, kind) => {
    const { stdout, stderr } = await openSc('pkcs15-tool', '--read-certificate', id);
    expect(new X509Certificate(stdout || stderr).raw).toEqual(
      Buffer.from(await served.pki.caCertificate(kind)),
    );
  });

  test.each([
    ['auth', '01', '1234', '0'],
    ['sign', '02', 'ABC123', '1'],
  ] as const)('pkcs11-tool signs with the %s key and OpenSSL verifies', async (kind, id, pin, slot) => {
    const document = await served.save('document.txt', 'signed by OpenSC on our virtual card');
    const signature = await served.save('document.sig', '');
    const signing = await openSc(
      'pkcs11-tool',
      ...['--slot-index', slot, '--login', '--pin', pin, '--sign', '--id', id],
      ...['--mechanism', 'SHA256-RSA-PKCS', '--input-file', document, '--output-file', signature],
    );
    expect(signing.exitCode, signing.stderr).toBe(0);
    const key = await served.pki.holderKey(served.card.persona, kind);
    const certificate = new X509Certificate(key?.certificate ?? '');
    const publicKey = await served.save(
      'key.pem',
      certificate.publicKey.export({ type: 'spki', format: 'pem' }),
    );
    const verified = await run('openssl', [
      'dgst',
      '-sha256',
      '-verify',
      publicKey,
      '-signature',
      signature,
      document,
    ]);
    expect(verified.stdout).toContain('Verified OK');
  });

  test('a wrong PIN through OpenSC costs the card one try', async () => {
    const before = await served.card.triesLeft('auth');
    const login = await openSc('pkcs11-tool', '--slot-index', '0', '--login', '--pin', '9999', '--test');
    expect(login.exitCode).not.toBe(0);
    expect(await served.card.triesLeft('auth')).toBe((before ?? 0) - 1);
  });
});
