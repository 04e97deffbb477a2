import { createPrivateKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { access, chmod, constants, mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SimulatorError, SimulatorPkiError, systemErrorCode } from '../errors.ts';
import { readTextIfPresent, writeFileAtomically } from '../storage/atomic-file.ts';
import { withFileLock } from '../storage/file-lock.ts';

const generate = promisify(generateKeyPair);

/** Marks our files; another number means another layout. */
const FORMAT = 'jpki-simulator-key-1';

/** A key pair and the certificate it has at present. */
export interface KeyEntry {
  /** PKCS#8, PEM. */
  readonly privateKey: string;
  /** DER. */
  readonly certificate: Uint8Array;
  /** Milliseconds since the epoch. */
  readonly notBefore: number;
  /** Milliseconds since the epoch. */
  readonly notAfter: number;
  /** Whatever else decides whether the certificate is still the one wanted. */
  readonly profile: string;
}

/** A key together with what `issue` needs to write its certificate. */
export type Issue = (privateKey: KeyObject) => Omit<KeyEntry, 'privateKey'>;

/**
 * One folder of keys with certificates, one JSON file each, shared by every process of a user. A file is made by
 * one process while the others wait, and replaced in one step.
 */
export class KeyStore {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /**
   * Makes the folder (0700) when there is none, and finds out whether files can be made in it.
   *
   * @throws {SimulatorPkiError} `ERR_SIM_PKI_FOLDER` when not, or when other users could replace files in it.
   */
  async prepare(): Promise<void> {
    await this.#guarded(async () => {
      // The mode given to mkdir is cut by the umask only, but an odd umask could cut the owner's bits.
      const made = await mkdir(this.folder, { recursive: true, mode: 0o700 });
      if (made !== undefined) await chmod(this.folder, 0o700);
      const { mode } = await stat(this.folder);
      if (process.platform !== 'win32' && (mode & 0o022) !== 0)
        throw new SimulatorPkiError('ERR_SIM_PKI_FOLDER', this.folder, 'other users can write to the folder');
      await access(this.folder, constants.W_OK | constants.X_OK);
    });
  }

  /** Names of the entries there are, in order; none when the folder is not there. */
  async names(): Promise<string[]> {
    try {
      const files = await readdir(this.folder);
      return files
        .filter((file) => file.endsWith('.json'))
        .map((file) => file.slice(0, -'.json'.length))
        .sort();
    } catch (error) {
      if (systemErrorCode(error) === 'ENOENT') return [];
      throw this.#folderError(error);
    }
  }

  /** An entry as it is, or `undefined`. @throws {SimulatorPkiError} when it cannot be read or is damaged. */
  async read(name: string): Promise<KeyEntry | undefined> {
    const text = await this.#guarded(() => readTextIfPresent(this.#path(name)));
    return text === undefined ? undefined : this.#parse(name, text);
  }

  /**
   * The entry of a name: the stored one where `serves` accepts it, else one newly issued. The key of an entry is
   * made once and stays; only its certificate is renewed.
   */
  async obtain(name: string, serves: (entry: KeyEntry) => boolean, issue: Issue): Promise<KeyEntry> {
    const stored = await this.read(name);
    if (stored !== undefined && serves(stored)) return stored;
    return this.#guarded(async () => {
      await mkdir(this.folder, { recursive: true, mode: 0o700 });
      return withFileLock(`${this.#path(name)}.lock`, async () => {
        const present = await this.read(name);
        if (present !== undefined && serves(present)) return present;
        return this.#renew(name, present?.privateKey ?? (await newPrivateKey()), issue);
      });
    });
  }

  async #renew(name: string, privateKey: string, issue: Issue): Promise<KeyEntry> {
    const entry = { privateKey, ...issue(createPrivateKey(privateKey)) };
    const { certificate, ...rest } = entry;
    const file = { format: FORMAT, ...rest, certificate: Buffer.from(certificate).toString('base64') };
    await writeFileAtomically(this.#path(name), `${JSON.stringify(file, undefined, 2)}\n`);
    return entry;
  }

  #path(name: string): string {
    return join(this.folder, `${name}.json`);
  }

  #parse(name: string, text: string): KeyEntry {
    const entry = parseEntry(text);
    if (entry === undefined)
      throw new SimulatorPkiError(
        'ERR_SIM_PKI_DAMAGED',
        this.folder,
        `${name}.json is damaged; delete the folder`,
      );
    return entry;
  }

  async #guarded<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw error instanceof SimulatorError ? error : this.#folderError(error);
    }
  }

  #folderError(error: unknown): SimulatorPkiError {
    const code = systemErrorCode(error) ?? 'unknown error';
    return new SimulatorPkiError(
      'ERR_SIM_PKI_FOLDER',
      this.folder,
      `it cannot be read or written (${code})`,
      error,
    );
  }
}

/** RSA-2048 with exponent 65537, like every key of JPKI (card-protocol.md 7). @returns PKCS#8, PEM. */
async function newPrivateKey(): Promise<string> {
  const { privateKey } = await generate('rsa', { modulusLength: 2048 });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function parseEntry(text: string): KeyEntry | undefined {
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof file !== 'object' || file === null) return undefined;
  const { format, privateKey, certificate, notBefore, notAfter, profile } = file as Record<string, unknown>;
  if (format !== FORMAT || typeof privateKey !== 'string' || typeof certificate !== 'string')
    return undefined;
  if (typeof notBefore !== 'number' || typeof notAfter !== 'number' || typeof profile !== 'string')
    return undefined;
  return { privateKey, certificate: Buffer.from(certificate, 'base64'), notBefore, notAfter, profile };
}
