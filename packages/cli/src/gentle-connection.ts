import type { ConnectOptions } from '@jpki/pcsc';

/** Readers that refuse exclusive use always: there a refusal says nothing of other programs (WICG web-smart-card). */
const NEVER_EXCLUSIVE = /RC-S300/i;

/**
 * How to look at a card without disturbing a program that holds it: a card that is exclusively ours is nobody else's.
 * Where no reader grants that, the card is shared, each look is a transaction, and its state is left alone.
 */
export function gentleConnection(readerName: string): Pick<ConnectOptions, 'share' | 'disposition'> {
  return NEVER_EXCLUSIVE.test(readerName)
    ? { share: 'shared', disposition: 'leave' }
    : { share: 'exclusive', disposition: 'unpower' };
}
