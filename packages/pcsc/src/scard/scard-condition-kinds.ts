import type { ConditionKind } from './scard-condition.ts';

/** The service is not there, or went away. Nothing was sent: the link to it is what failed. */
export const NO_SERVICE: ConditionKind = {
  error: 'ERR_PCSC_NO_SERVICE',
  remedy: 'start-service',
  safeToRetry: true,
  advice: {
    en: 'start the PC/SC service (Linux: sudo systemctl start pcscd.socket; Windows: the service "Smart Card"), then try again',
    ja: 'PC/SC サービスを起動してから (Linux では sudo systemctl start pcscd.socket、Windows では Smart Card サービス)、もう一度お試しください',
  },
};

/** The service went away while it had something in hand. */
export const SERVICE_LOST: ConditionKind = { ...NO_SERVICE, safeToRetry: false };

export const NO_READER: ConditionKind = {
  error: 'ERR_PCSC_NO_READER',
  remedy: 'connect-reader',
  safeToRetry: true,
  advice: {
    en: 'connect the reader, and check that its driver is installed',
    ja: 'カードリーダーを接続し、ドライバーがインストールされているか確認してください',
  },
};

/** It was there and is gone: perhaps in the middle of a command. */
export const READER_GONE: ConditionKind = { ...NO_READER, safeToRetry: false };

export const NO_CARD: ConditionKind = {
  error: 'ERR_PCSC_NO_CARD',
  remedy: 'insert-card',
  safeToRetry: true,
  advice: { en: 'put the card on the reader', ja: 'カードをカードリーダーに置いてください' },
};

export const BUSY: ConditionKind = {
  error: 'ERR_PCSC_SHARING_VIOLATION',
  remedy: 'retry',
  safeToRetry: true,
  advice: {
    en: 'wait a moment, or close other programs that use the card (browsers count)',
    ja: 'しばらく待つか、カードを使用しているほかのプログラム (ブラウザーを含む) を終了してください',
  },
};

/** The card does not answer, or not as a card should. Seen when it is powered up: no command was sent. */
export const UNRESPONSIVE: ConditionKind = {
  error: 'ERR_PCSC_UNRESPONSIVE_CARD',
  remedy: 'reinsert-card',
  safeToRetry: true,
  advice: {
    en: 'take the card out, check which way round it lies, and put it back',
    ja: 'カードを一度取り出し、表裏と向きを確かめて置き直してください',
  },
};

export const UNPOWERED: ConditionKind = { ...UNRESPONSIVE, error: 'ERR_PCSC_UNPOWERED_CARD' };

/** An exchange broke off: whether the card had the command is not known. */
export const COMMUNICATION: ConditionKind = {
  error: 'ERR_PCSC_COMMUNICATION',
  remedy: 'reinsert-card',
  safeToRetry: false,
  advice: {
    en: 'put the card back without moving it meanwhile, then start again',
    ja: 'カードを動かさないように置き直し、最初からやり直してください',
  },
};

export const PROTOCOL: ConditionKind = { ...COMMUNICATION, error: 'ERR_PCSC_PROTOCOL' };

export const TIMEOUT: ConditionKind = {
  error: 'ERR_PCSC_TIMEOUT',
  remedy: 'retry',
  safeToRetry: false,
  advice: {
    en: 'start again; if it stays so, take the card out and unplug the reader for a moment',
    ja: 'やり直してください。改善しない場合は、カードを取り出し、カードリーダーを接続し直してください',
  },
};

export const NO_ACCESS: ConditionKind = {
  error: 'ERR_PCSC_NO_ACCESS',
  remedy: 'none',
  safeToRetry: true,
  advice: {
    en: 'let the administrator permit it (on Linux a polkit rule for org.debian.pcsc-lite.access_pcsc and access_card)',
    ja: '管理者に許可を求めてください (Linux では org.debian.pcsc-lite.access_pcsc と access_card の polkit ルール)',
  },
};

export const UNSUPPORTED: ConditionKind = {
  error: 'ERR_PCSC_UNSUPPORTED',
  remedy: 'none',
  safeToRetry: true,
  advice: {
    en: 'use another reader, or a newer driver',
    ja: '別のカードリーダー、または新しいドライバーを使用してください',
  },
};

/** The service failed, or was asked wrongly. What it did before is not known. */
export const INTERNAL: ConditionKind = {
  error: 'ERR_PCSC_INTERNAL',
  remedy: 'retry',
  safeToRetry: false,
  advice: {
    en: 'start again; if it stays so, restart the PC/SC service',
    ja: 'やり直してください。改善しない場合は、PC/SC サービスを再起動してください',
  },
};

/** A wait that was called off, a question that was refused: nothing was sent to a card. */
export const REFUSED: ConditionKind = { ...INTERNAL, safeToRetry: true };

/** What Windows says about files, certificates and PINs of cards it manages itself; not about ours. */
export const CARD_MODULE: ConditionKind = {
  error: 'ERR_PCSC_INTERNAL',
  remedy: 'none',
  safeToRetry: false,
  advice: {
    en: 'close programs that manage the card with a Windows driver of its own, then start again',
    ja: 'Windows の専用ドライバーでカードを管理しているプログラムを終了し、最初からやり直してください',
  },
};

export const REMOVED: ConditionKind = {
  error: 'removed',
  remedy: 'reinsert-card',
  safeToRetry: false,
  advice: {
    en: 'put the card back, and leave it there until the end',
    ja: 'カードを置き直し、終わるまで動かさないでください',
  },
};

export const RESET: ConditionKind = {
  error: 'reset',
  remedy: 'retry',
  safeToRetry: false,
  advice: {
    en: 'start again; close other programs that use the card if it happens often',
    ja: '最初からやり直してください。繰り返す場合は、カードを使用しているほかのプログラムを終了してください',
  },
};
