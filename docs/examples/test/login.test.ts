import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { anchorFromCertificate, productionAnchors, type Trust } from '@jpki/core/trust';
import { Card } from '@jpki/iso7816';
import { openSimulatorPki, openVirtualCard, type SimulatorPki } from '@jpki/simulator';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  answerChallenge,
  createChallenge,
  type LoginRequest,
  type LoginToken,
  verifyLogin,
} from '../login.ts';

describe('the login example', () => {
  let folder: string;
  let pki: SimulatorPki;
  let trust: Trust;
  let request: LoginRequest;
  let token: LoginToken;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'jpki-login-'));
    pki = await openSimulatorPki({ folder });
    request = { origin: 'https://shop.example', challenge: createChallenge() };
    await using card = new Card(await openVirtualCard({ pki }));
    token = await answerChallenge(card, Buffer.from('1234'), request);
    const ca = await pki.caCertificate('auth');
    trust = [anchorFromCertificate(ca, { hierarchy: 'simulator', purpose: 'auth' })];
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('lets the holder of the card in', () => {
    expect(verifyLogin(token, request, trust)).toBe(true);
  });

  test('refuses an answer to another challenge', () => {
    expect(verifyLogin(token, { ...request, challenge: createChallenge() }, trust)).toBe(false);
  });

  test('refuses an answer that was given to another site', () => {
    expect(verifyLogin(token, { ...request, origin: 'https://shop.example.net' }, trust)).toBe(false);
  });

  test('refuses a virtual card where production cards are wanted', () => {
    expect(verifyLogin(token, request, productionAnchors())).toBe(false);
  });

  test('refuses the signing certificate: it is not for login', async () => {
    const signTrust = [anchorFromCertificate(await pki.caCertificate('sign'), { hierarchy: 'simulator' })];
    expect(verifyLogin(token, request, signTrust)).toBe(false);
  });
});
