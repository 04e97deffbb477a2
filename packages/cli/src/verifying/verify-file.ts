import { existsSync } from 'node:fs';
import { CmsFormatError } from '@jpki/core';
import {
  type ContentDigests,
  contentHashes,
  digestContent,
  formatVerdict,
  readSignedData,
  type SignedData,
  type Verdict,
  verifySignedData,
} from '@jpki/core/cms';
import type { Trust } from '@jpki/core/trust';
import { NotInThisVersionError } from '../errors.ts';
import { FileSource } from '../file-source.ts';
import { embeddedFormat } from '../signing/document-kind.ts';

export interface VerifyRequest {
  /** The document of a detached signature; looked for beside the signature when absent. */
  readonly content: string | undefined;
  readonly trust: Trust;
  /** Whether the person accepted that revocation is not checked. */
  readonly revocationOff: boolean;
  /** Moment of verification; now when absent. */
  readonly at: Date | undefined;
}

/**
 * Verifies one file that should be a CMS signature; it and its document may be of any size.
 *
 * @throws {NotInThisVersionError} for a document that is signed inside.
 * @throws {FileError} when a file cannot be read. A file that is no signature is a verdict, not an error.
 */
export async function verifyFile(
  path: string,
  request: VerifyRequest,
  signal: AbortSignal,
): Promise<Verdict> {
  const source = FileSource.open(path);
  try {
    const signedData = tryRead(source);
    if (signedData === undefined) return verdictWithoutCms(source);
    const { trust, revocationOff, at } = request;
    const content = await documentDigests(path, signedData, request, signal);
    const attached = await attachedDigests(signedData, signal);
    return verifySignedData(signedData, {
      trust,
      ...(revocationOff && { revocation: 'off' }),
      ...(at && { at }),
      ...(content && { content }),
      ...(attached && { attachedDigests: attached }),
    });
  } finally {
    source[Symbol.dispose]();
  }
}

/** A signature inside a PDF or XML document may be as good as any; to call it invalid would be wrong. */
function verdictWithoutCms(source: FileSource): Verdict {
  const format = embeddedFormat(source);
  if (format !== undefined) throw new NotInThisVersionError(`verify ${source.path} (${format})`);
  return formatVerdict();
}

function tryRead(source: FileSource): SignedData | undefined {
  try {
    return readSignedData(source);
  } catch (error) {
    if (error instanceof CmsFormatError) return undefined;
    throw error;
  }
}

async function attachedDigests(
  signedData: SignedData,
  signal: AbortSignal,
): Promise<ContentDigests | undefined> {
  const { content: ranges, source } = signedData;
  return ranges && digestContent(source, contentHashes(signedData), { ranges, signal });
}

/** Digests of the document that is not in the message: the one named, or `FILE` beside a detached `FILE.p7s`. */
async function documentDigests(
  path: string,
  signedData: SignedData,
  { content }: VerifyRequest,
  signal: AbortSignal,
): Promise<ContentDigests | undefined> {
  const beside = signedData.content === undefined ? documentBeside(path) : undefined;
  const document = content ?? beside;
  if (document === undefined) return undefined;
  const source = FileSource.open(document);
  try {
    return await digestContent(source, contentHashes(signedData), { signal });
  } finally {
    source[Symbol.dispose]();
  }
}

function documentBeside(path: string): string | undefined {
  const document = path.replace(/\.p7s$/i, '');
  return document !== path && existsSync(document) ? document : undefined;
}
