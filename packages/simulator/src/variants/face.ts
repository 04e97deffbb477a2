/** The 券面事項確認AP, the 共通カードAP and the 住基AP. */
export const FACE_VARIANTS = {
  birthTries: {
    section: '5',
    mark: '1',
    what: 'tries of the 生年月日 key',
    settings: ['10', '3'],
  },
  visualFillerAccess: {
    section: '5',
    mark: '1',
    what: 'EF 0006 of the 券面事項確認AP, 16 bytes of FF',
    settings: ['a-b', 'free'],
  },
  visualUnknownKeys: {
    section: '5',
    mark: '1',
    what: 'the internal EFs 0014, 0015, 001C and 001E of the 券面事項確認AP',
    settings: ['present', 'absent'],
  },
  keyIdRecord: {
    section: '6',
    mark: '1',
    what: 'EF 0002 of the 共通カードAP and the 住基AP, the id of a key that is not known',
    settings: ['present', 'absent'],
  },
  commonKey: {
    section: '6',
    mark: '1',
    what: 'EF 0019 of the 共通カードAP, the key that answers INTERNAL AUTHENTICATE',
    settings: ['present', 'absent'],
  },
  residentTries: {
    section: '6',
    mark: '1',
    what: 'tries of the 住民基本台帳用 PIN',
    settings: ['3', '5'],
  },
  residentChange: {
    section: '3.5',
    mark: '1',
    what: 'the command that changes the 住民基本台帳用 PIN: 80 32 or 00 24',
    settings: ['change-key', 'change-reference-data'],
  },
} as const;
