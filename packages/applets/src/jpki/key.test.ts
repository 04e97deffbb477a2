import { createHash } from 'node:crypto';
import { digestOf, readCertificate, verifyRsa } from '@jpki/core';
import { toHex } from '@jpki/iso7816';
import { describe, expect, test } from 'vitest';
import { LOCK, pinOf } from '../../test/cards.ts';
import { AUTH_PIN, digest, jpkiCards, refusesToSign, SIGN_PIN } from '../../test/jpki-cards.ts';
import { CardSignatureInvalidError } from '../errors.ts';

const insert = jpkiCards();

describe('reading', () => {
  test('the auth certificate and both CA certificates need no PIN', async () => {
    const { jpki, virtual } = await insert();
    expect(readCertificate(await jpki.auth.certificate()).extensions.isCa()).toBe(false);
    expect(readCertificate(await jpki.auth.caCertificate()).extensions.isCa()).toBe(true);
    expect(readCertificate(await jpki.sign.caCertificate()).extensions.isCa()).toBe(true);
    expect(virtual.verifyCount).toBe(0);
  });

  test('the auth certificate takes SELECT, SELECT and the reads it must', async () => {
    const { jpki, log } = await insert();
    const certificate = await jpki.auth.certificate();
    expect(log).toHaveLength(2 + Math.ceil(certificate.length / 256));
  });

  test('the signing certificate is not to be had without its password', async () => {
    const { jpki, virtual } = await insert();
    await expect(jpki.sign.certificate()).rejects.toMatchObject({
      code: 'ERR_PIN_REQUIRED',
      reference: 'sign',
    });
    expect(virtual.verifyCount).toBe(0);
  });

  test('the signing certificate with its password leaves the card locked', async () => {
    const bench = await insert();
    const certificate = readCertificate(await bench.jpki.sign.certificate({ pin: pinOf(SIGN_PIN) }));
    expect(certificate.holderAttributes().name).toContain('模擬');
    expect(await refusesToSign(bench)).toBe(true);
  });

  test('the tries left of both PINs cost none', async () => {
    const { jpki, log } = await insert();
    expect(await jpki.triesLeft()).toEqual({ sign: 5, auth: 3 });
    expect(await jpki.triesLeft()).toEqual({ sign: 5, auth: 3 });
    expect(log).toHaveLength(10);
  });

  test('a card without the application is named as such', async () => {
    const { jpki } = await insert({ persona: 'juki' });
    const token = await jpki.token().catch((error: unknown) => error);
    expect(token).toMatchObject({ kind: 'juki-card' });
  });
});

describe('signing', () => {
  test('signs with the auth key in the seven commands it takes when the certificate is known', async () => {
    const { jpki, log } = await insert();
    const certificate = await jpki.auth.certificate();
    log.length = 0;
    const signature = await jpki.auth.withSigner({ pin: pinOf(AUTH_PIN), certificate }, (signer) =>
      signer.sign('sha256', digest),
    );
    const key = readCertificate(certificate).publicKey;
    expect(verifyRsa(key, 'sha256', Buffer.from('a document'), signature)).toBe(true);
    expect(log).toHaveLength(7);
    expect(log.at(-1)).toEqual({ command: LOCK, sw: '9000' });
  });

  test('signs a document in ten commands and the reads of the certificate', async () => {
    const { jpki, log } = await insert();
    const length = await jpki.sign.withSigner({ pin: pinOf(SIGN_PIN) }, async (signer) => {
      await signer.sign('sha256', digest);
      return signer.certificate.length;
    });
    expect(log).toHaveLength(10 + Math.ceil(length / 256));
  });

  test.each(['sha1', 'sha256', 'sha384', 'sha512'] as const)(
    'makes %s signatures the certificate confirms',
    async (hash) => {
      const { jpki } = await insert();
      const document = Buffer.from('a document');
      await jpki.auth.withSigner({ pin: pinOf(AUTH_PIN) }, async (signer) => {
        const signature = await signer.sign(hash, createHash(hash).update(document).digest());
        expect(signature).toHaveLength(signer.signatureLength);
        expect(verifyRsa(readCertificate(signer.certificate).publicKey, hash, document, signature)).toBe(
          true,
        );
      });
    },
  );

  test('spends one PIN for many signatures, also when they are asked for at once', async () => {
    const { jpki, virtual } = await insert();
    const digests = ['a', 'b', 'c', 'd'].map((text) => digestOf('sha256', Buffer.from(text)));
    const signatures = await jpki.sign.withSigner({ pin: pinOf(SIGN_PIN) }, (signer) =>
      Promise.all(digests.map((each) => signer.sign('sha256', each))),
    );
    expect(new Set(signatures.map(toHex)).size).toBe(4);
    expect(virtual.verifyCount).toBe(1);
  });
});

test('a signature that the certificate does not confirm is withheld', async () => {
  const { jpki } = await insert();
  const other = await jpki.auth.caCertificate();
  const signing = jpki.auth.withSigner({ pin: pinOf(AUTH_PIN), certificate: other }, (signer) =>
    signer.sign('sha256', digest),
  );
  await expect(signing).rejects.toBeInstanceOf(CardSignatureInvalidError);
});

test('the certificate on an Android phone is read with the PIN, and asked for only there', async () => {
  const { jpki, virtual } = await insert({ persona: 'phone-android' });
  await expect(jpki.auth.certificate()).rejects.toMatchObject({ code: 'ERR_PIN_REQUIRED' });
  const certificate = await jpki.auth.certificate({ pin: pinOf(AUTH_PIN) });
  expect(readCertificate(certificate).extensions.isCa()).toBe(false);
  expect(virtual.verifyCount).toBe(1);
});
