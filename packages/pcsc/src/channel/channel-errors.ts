import { PcscError } from '../errors.ts';

/** The channel was closed by its owner. */
export function closedError(readerName: string): PcscError {
  return new PcscError(`the connection to the card is closed (reader "${readerName}")`, {
    code: 'ERR_PCSC_CLOSED',
    readerName,
  });
}

/** The binding in use cannot do this; another one can. */
export function unsupported(bindingName: string, what: string, readerName: string): PcscError {
  return new PcscError(
    `the binding "${bindingName}" has no ${what}; use openPcsc({ binding: 'socket' }) on Linux, 'pcsc-mini' elsewhere`,
    { code: 'ERR_PCSC_UNSUPPORTED', safeToRetry: true, readerName },
  );
}

/** A shared card whose users cannot be kept apart: a PIN could meet the file that somebody else selected. */
export function noTransactions(bindingName: string, readerName: string): PcscError {
  return unsupported(bindingName, 'transactions, so a shared card cannot be held', readerName);
}

export function notForDirect(readerName: string): PcscError {
  return new PcscError(
    `a direct connection reaches the reader, not the card in it (reader "${readerName}"); connect 'shared' for that`,
    { code: 'ERR_PCSC_UNSUPPORTED', safeToRetry: true, readerName },
  );
}

/** Nothing was sent: another program has a transaction, and ours is still waiting for it. */
export function keptByAnother(readerName: string): PcscError {
  return new PcscError(`another program keeps the card to itself (reader "${readerName}")`, {
    code: 'ERR_PCSC_SHARING_VIOLATION',
    remedy: 'retry',
    safeToRetry: true,
    readerName,
  });
}
