import { createPrivateKey, type KeyObject } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './run.ts';

/** A key and its certificate, made by OpenSSL. */
export interface OpensslIdentity {
  readonly certificatePath: string;
  readonly keyPath: string;
  /** DER. */
  readonly certificate: Uint8Array;
  readonly privateKey: KeyObject;
}

const CONFIG = `
[req]
distinguished_name = dn
[dn]
[ca]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[sign]
keyUsage = critical, digitalSignature, nonRepudiation
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid, issuer
certificatePolicies = critical, 1.2.3.4, 1.2.3.5
subjectAltName = @names
crlDistributionPoints = URI:http://example.test/crl
[names]
otherName = 1.2.392.200149.8.5.5.1;FORMAT:UTF8,UTF8:見本　花子
[auth]
keyUsage = critical, digitalSignature
extendedKeyUsage = clientAuth
subjectKeyIdentifier = hash
`;

/** A folder with a CA and holders that OpenSSL made, none of it by this repository's own encoders. */
export class OpensslPki implements Disposable {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'jpki-openssl-'));

  private constructor() {
    writeFileSync(this.path('openssl.cnf'), CONFIG);
  }

  /** Makes the folder and a CA called `ca`. */
  static async create(): Promise<OpensslPki> {
    const pki = new OpensslPki();
    const subject = '/C=JP/O=Interop test/OU=認証局/CN=Root';
    const files = ['-keyout', 'ca.key', '-out', 'ca.pem', '-config', 'openssl.cnf', '-extensions', 'ca'];
    await pki.openssl(
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-utf8',
      '-days',
      '3650',
      '-subj',
      subject,
      ...files,
    );
    return pki;
  }

  /** A holder certified by the CA, with the extensions of `profile`. */
  async holder(
    name: string,
    profile: 'sign' | 'auth',
    ...options: readonly string[]
  ): Promise<OpensslIdentity> {
    const key = `${name}.key`;
    const subject = ['-utf8', '-subj', `/C=JP/L=Tokyo-to/CN=${name}`, '-config', 'openssl.cnf'];
    await this.openssl(
      'req',
      '-new',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      key,
      '-out',
      'request.pem',
      ...subject,
    );
    const issue = ['-req', '-in', 'request.pem', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial'];
    const extensions = ['-extfile', 'openssl.cnf', '-extensions', profile, '-days', '365'];
    await this.openssl('x509', ...issue, ...extensions, ...options, '-out', `${name}.pem`);
    return this.identity(name);
  }

  identity(name: string): OpensslIdentity {
    const [certificatePath, keyPath] = [this.path(`${name}.pem`), this.path(`${name}.key`)];
    const pem = readFileSync(certificatePath, 'utf8');
    const base64 = pem.replaceAll(/-----.*-----/g, '');
    const privateKey = createPrivateKey(readFileSync(keyPath));
    return { certificatePath, keyPath, certificate: Buffer.from(base64, 'base64'), privateKey };
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  write(name: string, bytes: Uint8Array): string {
    writeFileSync(this.path(name), bytes);
    return this.path(name);
  }

  read(name: string): Uint8Array {
    return readFileSync(this.path(name));
  }

  /** Runs openssl in the folder. @throws {Error} with its output when it fails. */
  async openssl(...args: readonly string[]): Promise<string> {
    const { exitCode, stdout, stderr } = await run('openssl', args, { cwd: this.folder });
    if (exitCode !== 0) throw new Error(`openssl ${args[0]} failed (${exitCode})\n${stderr}`);
    return stdout + stderr;
  }

  /** The exit code of openssl; 0 is success. */
  async exitCode(...args: readonly string[]): Promise<number | null> {
    return (await run('openssl', args, { cwd: this.folder })).exitCode;
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
