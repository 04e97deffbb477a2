import type { CvAnchorFacts } from './anchor-facts.ts';

/**
 * CA keys above the card-verifiable certificates of Individual Number Cards in the hands of people (card-protocol.md 4.4).
 *
 * @provenance oss: the key table of one program (myna-card 3.3.4), which does not say where it has them from. No
 * certificate or published fingerprint is known to check them with; the test keys of the same table do verify a card.
 */
export const PRODUCTION_KEYS: readonly CvAnchorFacts[] = [
  // The card manager: GET DATA 00F8. Key id 5000020/001.
  {
    keyId: '353030303032300805303031000000a8',
    hierarchy: 'production',
    exponent: '010001',
    sha256: '318ab4a79346bbd993d36d31a4d766f02a239f36b10bc323458242130f927a97',
    modulus:
      'b62d081145d34aceb022bc2f0a08d8b390e42ffeeec93472f675ec33507bbce982c22f33b7304cf17639ce75a1d0fd1e' +
      '75ffad86b0d72cccf0d0b05136ddb7261400c0160c713872e1e83c48a2a00818147fefbf0b09f643ee4b328419e87637' +
      '67adbeaeba88d49c3b44a5b8f8ad794fcf64a4161a9fe8b97660fca4694114594d4b8498fe1e52502086abc1b0eda004' +
      'd39d95193b4031ab0c516008bbaffc49ac6a2ebe544ef49ea3b790cd13f133896df8da63e15ce8ac0dc276f76f080b72' +
      '3e6648f10a6fb7b08e5c69dcdfadd52f7b5b6d1740cf8e356bc685b31d7c455680cd95d3b4b20ea8094f00660ae774ee' +
      'bab2875487a1210ca87221a0b63a3e83',
  },
  // 券面事項確認AP, EF 0004. Key id 5000023/001.
  {
    keyId: '35303030303233080530303100000000',
    hierarchy: 'production',
    exponent: '010001',
    sha256: 'bb96cc1dc6502005661961f0a45ed843d007c69e3ce167eceb6b1abd5333a932',
    modulus:
      'b2f740f0ad86d17cf3f537d23b4b3c65a3cb58474d857f55d0b9bc0411b1cb0849068de332a50d63b3e6921c9ccbe615' +
      '6496efb04be8ffcc74fde9a228a36ad7edce9793204e35973dc911108365002c40169e0b60018dfb99e1e2310d9a110f' +
      'f0fc269f1f220c63b8a1510de5a6898220c78908fc280d8aa95d5d113b7cf00700f3ff5ad8b3d6ad2eb53c7d563498b4' +
      'a938deffc9bda32bf4146c1b07ef870d99eb35de5d70ac18715874277a13151d217d04d42e97923923a40fbc7d06faa8' +
      '338ccbe876620f9b8ef4471cd4b9e29d4ea621e0fb8f1dc04b487210097dbaaf3d8e0550c76a5b97cf202fa47c7a2622' +
      'f1c084e65c13d13b8e7ab226f5f51f87',
  },
  // 券面事項入力補助AP, EF 0004. Key id 5000033/001.
  {
    keyId: '35303030303333080530303100000000',
    hierarchy: 'production',
    exponent: '010001',
    sha256: '409655d477547d83cbe182385acb1ea83c9828eb6e5b8bba90957c339b5f30f7',
    modulus:
      'd24615f63525e740c87e83ed64787e76d10a1f8652ebe1ea28934d35ce3bf07716f5b79e2bcb2ae2b91b4f4c9ffb6024' +
      '97f596d659af9d0a14b45cdd738ef56249349b8cc7db32f2d433bd39bcc44f503e881d56c149ecd5155c1ce7461fc3ac' +
      '4f55d0a39ccaaadfae5b8afa11ccf91bedc774023d11ca6eba99004f81c541a7d67dded8c724d6e20b10a3deaae8c43c' +
      '137ccd71b263740e8979752de4d5676329cabcbd7f3a77fc48a6f8e61d399b4ac66684a9fdfc99ecef900dd6ff7f0fdd' +
      '39e23d163f8a468c62dbeae00906dfad5a89b45ca5b7353dc998a80d3803eda794b55f99f535d1c39a243c8352ad602d' +
      '926c389d2816c941349ee24e4f41597f',
  },
];
