import type { ConnectOptions } from '@jpki/pcsc';

/** Readers that refuse exclusive use always: there a refusal says nothing of other programs (WICG web-smart-card). */
const NEVER_EXCLUSIVE = /RC-S300/i;

/**
 * Milliseconds that a card has for one command while it is looked at, and another program to let go of it. One that falls
 * silent must not keep the others; the commands that follow a look have all the time a card may take.
 */
export const LOOK: Required<Pick<ConnectOptions, 'transmitTimeout' | 'transactionTimeout'>> = {
  transmitTimeout: 4_000,
  transactionTimeout: 4_000,
};

/**
 * How to look at a card without disturbing a program that holds it: a card that is exclusively ours is nobody else's.
 * Where no reader grants that, the card is shared, each look is a transaction, and its state is left alone.
 */
export function gentleConnection(readerName: string): ConnectOptions {
  return NEVER_EXCLUSIVE.test(readerName)
    ? { ...LOOK, share: 'shared', disposition: 'leave' }
    : { ...LOOK, share: 'exclusive', disposition: 'unpower' };
}
