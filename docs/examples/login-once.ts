/** Both sides of one login, with the virtual card. Prints whether the holder is let in. */
import { anchorFromCertificate } from '@jpki/core/trust';
import { Card } from '@jpki/iso7816';
import { openSimulatorPki, openVirtualCard } from '@jpki/simulator';
import { answerChallenge, createChallenge, verifyLogin } from './login.ts';

const pki = await openSimulatorPki();
const ca = await pki.caCertificate('auth');
const trust = [anchorFromCertificate(ca, { hierarchy: 'simulator', purpose: 'auth' })];

const request = { origin: 'https://shop.example', challenge: createChallenge() };
await using card = new Card(await openVirtualCard({ pki }));
const token = await answerChallenge(card, Buffer.from('1234'), request);
console.log(verifyLogin(token, request, trust) ? 'let in' : 'refused');
