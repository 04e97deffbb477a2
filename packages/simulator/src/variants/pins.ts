/** PINs and codes. */
export const PIN_VARIANTS = {
  blockedVerify: {
    section: '3.2, 11.1',
    mark: '!',
    what: 'VERIFY of a blocked PIN',
    settings: ['6984', '6983'],
  },
  blockedQuery: {
    section: '3.3, 11.1',
    mark: '1',
    what: 'the query for the tries left of a blocked PIN',
    settings: ['63C0', '6984', '6983'],
  },
  verifiedQuery: {
    section: '3.3, 11.3',
    mark: '!',
    what: 'the query for the tries left of a verified PIN',
    settings: ['63Cx', '9000'],
  },
  queryWithLe: {
    section: '3.3',
    mark: '1',
    what: 'the query for the tries left with an Le of 00',
    settings: ['6700', '63Cx'],
  },
  verifyWrongLength: {
    section: '3.2, 12',
    mark: '?',
    what: 'VERIFY with a length that the PIN cannot have is a wrong PIN, or costs no try',
    settings: ['wrong-pin', '6700', '6A80'],
  },
  verifyTooLong: {
    section: '3.2',
    mark: '?',
    what: 'VERIFY with more than 16 bytes, which costs no try',
    settings: ['6700', '6A80'],
  },
  failedVerifyStatus: {
    section: '3.4',
    mark: '?',
    what: 'a wrong VERIFY ends what an earlier right one had opened',
    settings: ['cleared', 'kept'],
  },
  changeUnverified: {
    section: '3.5',
    mark: '?',
    what: 'CHANGE without VERIFY before',
    settings: ['6982', '6985'],
  },
  changeBadFormat: {
    section: '3.5, 12',
    mark: '?',
    what: 'CHANGE to a PIN of the wrong shape',
    settings: ['6A80', '6700', '6985'],
  },
  changedStatus: {
    section: '3.5',
    mark: '?',
    what: 'a PIN is still verified after its CHANGE',
    settings: ['kept', 'cleared'],
  },
  changeOtherwise: {
    section: '3.5',
    mark: '?',
    what: 'CHANGE of a PIN or code by a command that does not change it',
    settings: ['6982', '6D00'],
  },
  codeTries: {
    section: '4.1, 5, 11.4',
    mark: '!',
    what: 'tries of 照合番号A and B',
    settings: ['10', '3'],
  },
  residentPinHolder: {
    section: '6, 11.7',
    mark: '!',
    what: 'the applications that hold the 住民基本台帳用 PIN',
    settings: ['both', 'resident', 'common'],
  },
} as const;
