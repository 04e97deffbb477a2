import type { CvAnchorFacts } from './anchor-facts.ts';

/**
 * CA keys above the card-verifiable certificates of J-LIS test cards (card-protocol.md 4.4). They say nothing about real
 * people; trust them only where that is wanted.
 *
 * @provenance oss: myna-card 3.3.4 recovered them from pairs of certificates. The records of its published test card
 * verify under them, which our interop tests check.
 */
export const TEST_KEYS: readonly CvAnchorFacts[] = [
  // The card manager: GET DATA 00F8. Key id 6000020/001.
  {
    keyId: '363030303032300805303031000000a8',
    hierarchy: 'test',
    exponent: '010001',
    sha256: '218018727ce0d4955b0b40f468eb131d5e8375ee4a2aa58dabda524b19d29a39',
    modulus:
      'd0cb6303399ec86727e3e9e50996580956ee87839f5b674cf34048b47018029500841b5e6f6c643eaefe042482037acd' +
      '8392e6c6a386fb77ddb3f1d51bcac76e469a09cec823dc78c1ebdb5a7c5aa04ac7094ad74b38637601241f43d3e6c6a4' +
      '850e5a4e3244a138fba5a2e22c31312ef8699b7e8db982ab7b093c4ac13f0569ba86b6b886c1072ef174b2181181f6d1' +
      '6fff904be652f47afc5c597366ed2ff3be0950080855a88930d312d8be2bb4aae2b1c19848064ba7e92cb74e52e19c1c' +
      'fab8676b18706bebf913b57f92ae7498c08750e41657a1746b26da2b0defc85d286b1b85adc9739356403f6b6e18a193' +
      '8a11e3ec043c1cdc5ef03a8d51402cc5',
  },
  // 券面事項確認AP, EF 0004. Key id 6000023/001.
  {
    keyId: '36303030303233080530303100000000',
    hierarchy: 'test',
    exponent: '010001',
    sha256: 'df70444dbe6841ec03267c25cf1bd35ff30ef8044da34ff5eedd0719e6f14530',
    modulus:
      'e08ca1caa0e58c5df24bfd67e45b7ce4b50eff828c10568055f7e012b7212e7d2879b9e0b951e7ac5a6dc0d7d3c31c22' +
      '3951a1e2774f398cf46602a8aec04898714981f813cb9dbd2ef9068528e9450361c00154738ca4dd79d138098b91fae2' +
      '9a4fd750556367bb854158953af58c0e8bbf289c3a30e595fef044519e967ef0686cbcf6ef6b9ed6fc2a19f800ce07e9' +
      '29ac11556f1073077372279ba130216fc680b7c39788c8e7534f71eeb4c00c9053fbf6e92a07784f26308af78f9c1800' +
      '3ecbf12965bd303045b8a76391c431787ffc745cc274206616d91e81b39bb9a2db4b64c4ad47831ab06cc401f2162f30' +
      'd9316c38557d4d96ed5e76db49b9092d',
  },
  // 券面事項入力補助AP, EF 0004. Key id 6000033/001.
  {
    keyId: '36303030303333080530303100000000',
    hierarchy: 'test',
    exponent: '010001',
    sha256: '690db1b2d7b9994764a81982bc1e4cd76d9e92d0a33a895b2e71a0be8356f1ae',
    modulus:
      'b1fe36bd147bf41b2011b9156867c4118b05ae47d691cdb4a4467f4949afdd71e28e12b5c61e68f00b639a6ccbcf4479' +
      '8761c7700a81f666c67831433b742a2c1126942601e25371b2b93631067d466f201eaf31393b1bd6a47589fb57b31897' +
      '35a27a24583fde2bf26c2a34d8645fe0e6e2fe901612cef8c740c228289af6d457aca3b1aa2f9ebb56da3591c30830b8' +
      'afe2a1ca99951e670b9e9c0b40ebdbec212f9400e5aaf5c2b5107de34ab6bc66425a86d731a392e81001dea1ce565981' +
      'be158256ae05598a2b8bfb04c1b66ee2008e019fb1b2ba3785e0ca78ca31ea5f09b4d550577dbf12a747abd5e1c450c0' +
      '750df965f53ea08bbf12e40a4057c74d',
  },
];
