import { PcscError } from '../errors.ts';

/** pcsc-lite's default; a service has it fixed at its build. */
const DEFAULT_PATH = '/run/pcscd/pcscd.comm';

/**
 * Where the service listens, as pcsc-lite's own library finds it: `PCSCLITE_CSOCK_NAME`, or the default path.
 *
 * @throws {PcscError} `ERR_PCSC_BINDING_MISSING` on a system whose PC/SC service is not pcscd.
 */
export function socketPath(): string {
  const path = process.env['PCSCLITE_CSOCK_NAME'];
  if (path) return path;
  if (process.platform === 'linux') return DEFAULT_PATH;
  throw new PcscError(`the socket of pcscd is there on Linux only, not on ${process.platform}`, {
    code: 'ERR_PCSC_BINDING_MISSING',
    remedy: 'install-driver',
  });
}
