/** What the files and data objects hold, and what opens them. */
export const CONTENT_VARIANTS = {
  tokenPadding: {
    section: '2.1, 11.8',
    mark: '!',
    what: 'the texts of EF 0006 are padded with blanks or with NUL',
    settings: ['blank', 'nul'],
  },
  certificateAbsent: {
    section: '3.1',
    mark: '?',
    what: 'the byte of EF 0008 that says that a certificate is not there: anything but 8F',
    settings: ['00', 'FF'],
  },
  unknownFiles: {
    section: '3.1',
    mark: '1',
    what: 'READ BINARY of the files of the 公的個人認証AP of which nothing is known (0005, 0009)',
    settings: ['6982', '6981'],
  },
  unknownKeys: {
    section: '3.1, 4.1',
    mark: '1',
    what: 'the internal EFs of the 公的個人認証AP and the 券面事項入力補助AP of which nothing is known',
    settings: ['present', 'absent'],
  },
  textBlockedKey: {
    section: '4.1',
    mark: '1',
    what: 'EF 0012 of the 券面事項入力補助AP, a key that is blocked from the start',
    settings: ['present', 'absent'],
  },
  integrityRecordAccess: {
    section: '4.1, 11.12',
    mark: '!',
    what: 'what opens EF 0003 of the 券面事項入力補助AP: its PIN, A or B, or its PIN and A alone',
    settings: ['pin-a-b', 'pin-a'],
  },
  fillerFileAccess: {
    section: '4.1',
    mark: '?',
    what: 'EF 0008 of the 券面事項入力補助AP, 16 bytes of FF',
    settings: ['free', '6982'],
  },
  contactAtrObject: {
    section: '1.4, 1.5',
    mark: '1',
    what: 'where GET DATA 5F51 is answered',
    settings: ['everywhere', 'application', 'card-manager', 'nowhere'],
  },
  lowerCertificate: {
    section: '1.4, 1.5',
    mark: '1',
    what: 'GET DATA 7F21, which older cards have not',
    settings: ['9000', '6A88', '6A82'],
  },
  otherDataObjects: {
    section: '1.4, 1.5',
    mark: '1',
    what: 'GET DATA 0042, 0045, 0066 and 00F7: the set differs between cards',
    settings: ['present', 'absent'],
  },
  dataObjectAbsent: {
    section: '1.4',
    mark: '1',
    what: 'GET DATA of an object that is not there',
    settings: ['6A88', '6A82'],
  },
  dataObjectInApplication: {
    section: '1.4, 12',
    mark: '?',
    what: 'GET DATA while an application is selected',
    settings: ['6A88', '6985', '6982'],
  },
  largeObjectShortLe: {
    section: '1.4',
    mark: '1',
    what: 'GET DATA of an object longer than Le',
    settings: ['6700', '6C00'],
  },
} as const;
