import { verify, X509Certificate } from 'node:crypto';
import type { WorkerSignature } from './card-worker-protocol.ts';

/** Whether node:crypto confirms a worker's signature over this text. */
export function isGenuine({ signature, certificate }: WorkerSignature, text: string): boolean {
  const key = new X509Certificate(Buffer.from(certificate, 'hex')).publicKey;
  return verify('sha256', Buffer.from(text), key, Buffer.from(signature, 'hex'));
}
