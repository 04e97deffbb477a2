/** What is selected, and how long a verified PIN lasts. */
export const SELECTION_VARIANTS = {
  firstCommand: {
    section: '1.2',
    mark: '1',
    what: 'the first command after power-up is answered, or gets 6F00',
    settings: ['answered', '6F00'],
  },
  warmResetStatus: {
    section: '1.2',
    mark: '1',
    what: 'a verified PIN outlives a warm reset',
    settings: ['kept', 'cleared'],
  },
  warmResetSelection: {
    section: '1.2',
    mark: '?',
    what: 'the selected application outlives a warm reset',
    settings: ['lost', 'kept'],
  },
  sameApplicationStatus: {
    section: '3.4, 11.2',
    mark: '!',
    what: 'a verified PIN outlives a SELECT of the application that is selected',
    settings: ['kept', 'cleared'],
  },
  cardManagerStatus: {
    section: '1.3, 3.4',
    mark: '1',
    what: 'SELECT of the card manager clears a verified PIN',
    settings: ['cleared', 'kept'],
  },
  cardManagerSelect: {
    section: '1.3',
    mark: '1',
    what: 'the card manager can be selected',
    settings: ['9000', '6A82'],
  },
  masterFileAtPowerUp: {
    section: '1.3',
    mark: '1',
    what: 'SELECT MF while no application is selected',
    settings: ['6A86', '9000'],
  },
  masterFileInApplication: {
    section: '1.3',
    mark: '1',
    what: 'SELECT MF, always without effect, while an application is selected',
    settings: ['9000', '6A86'],
  },
  masterFileById: {
    section: '1.3',
    mark: '1',
    what: 'SELECT 3F00',
    settings: ['6A82', '6A86'],
  },
  partialName: {
    section: '1.3',
    mark: '1',
    what: 'SELECT by the first bytes of a DF name',
    settings: ['9000', '6A82'],
  },
  nextOccurrence: {
    section: '1.3',
    mark: '?',
    what: 'SELECT of the next occurrence, P2 = 02',
    settings: ['6A82', '6A86'],
  },
  nameLength: {
    section: '1.3',
    mark: '?',
    what: 'SELECT with no DF name or one of more than 16 bytes',
    settings: ['6700', '6A82'],
  },
  selectInformation: {
    section: '1.3, 12',
    mark: '?',
    what: 'SELECT with P2 = 00 and Le returns no data, or an FCI with the DF name',
    settings: ['none', 'fci'],
  },
  efAtCardManager: {
    section: '12',
    mark: '?',
    what: 'SELECT EF while no application is selected',
    settings: ['6A82', '6986'],
  },
  selectOtherwise: {
    section: '1.3',
    mark: '1',
    what: 'SELECT with any other P1, such as the path of 09',
    settings: ['6A86', '6A81'],
  },
} as const;
