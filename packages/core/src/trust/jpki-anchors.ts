import { type AnchorFacts, anchorFromFacts, type PinnedAnchor, type TrustAnchor } from './anchor.ts';

/**
 * The six production CAs of JPKI (公的個人認証サービス), three generations each for 署名用 and 利用者証明用: name, key,
 * lifetime and SHA-256 of the certificate as J-LIS publishes it (signca01–03.cer, authca01–03.cer; card-protocol.md 7.1).
 * The generations of one kind share their name, so an issuer is found by its signature.
 */

/** C=JP, O=JPKI, OU=JPKI for digital signature, OU=Japan Agency for Local Authority Information Systems. */
const SIGN_CA_NAME =
  '308180310b3009060355040613024a50310d300b060355040a0c044a504b4931233021060355040b0c1a4a504b492066' +
  '6f72206469676974616c207369676e6174757265313d303b060355040b0c344a6170616e204167656e637920666f7220' +
  '4c6f63616c20417574686f7269747920496e666f726d6174696f6e2053797374656d73';

/** C=JP, O=JPKI, OU=JPKI for user authentication, OU=Japan Agency for Local Authority Information Systems. */
const AUTH_CA_NAME =
  '308182310b3009060355040613024a50310d300b060355040a0c044a504b4931253023060355040b0c1c4a504b492066' +
  '6f7220757365722061757468656e7469636174696f6e313d303b060355040b0c344a6170616e204167656e637920666f' +
  '72204c6f63616c20417574686f7269747920496e666f726d6174696f6e2053797374656d73';

const PRODUCTION: readonly AnchorFacts[] = [
  {
    hierarchy: 'production',
    purpose: 'sign',
    generation: 1,
    subject: SIGN_CA_NAME,
    notBefore: '2015-10-20T02:40:28Z',
    notAfter: '2025-10-19T14:59:59Z',
    sha256: '19645405a1fe14377434bd55957628ac4038557c542403a2243f21c706fc9355',
    modulus:
      'd7e1593aa7a40b44bc13591ae8685d2a3977324b2e177e5eec0d133f5521991641bb77bb7626b30236b33be88d84326c' +
      'cb0b37ed770d1f730807acb929017bcd1fc8950c8ba6eb1a8548cf54341e184c2d08f98d29cebef8a3a3866ba7cf62de' +
      '397cd65d17dfde3689383c2f26a402c6801e3c8d797083077af347cfdaa97a6a5f4ead411a887b162e93726b58a9fa4d' +
      '9d02cb752e9186439b2a4bf90680623f2020de7f1553c3ae8c2a7aa748f21cac1f3cc00996dbe3b13410cb4984bff707' +
      'd5fc832436a5e86c9b96c1058292e940e9d4c8c598b3e957a5b68bb2144b45fe877f1a48fc2aecad45c4bed79d3a86fe' +
      '5c03612333ad7015616b6aaae0ba2b01',
  },
  {
    hierarchy: 'production',
    purpose: 'sign',
    generation: 2,
    subject: SIGN_CA_NAME,
    notBefore: '2019-09-14T23:41:56Z',
    notAfter: '2029-09-14T14:59:59Z',
    sha256: '79679c33e4cc9319440f1ad120a597ff1844e2ef217063adb176966fd5e6fbeb',
    modulus:
      'a7a47e81f7dc129f640d536a375613939a1df995f3af369b9eae3d7f4c580f7db06b544bd75ddd510c040ef95d6cebe7' +
      '85ff7546fc10c6e75840d478a69dffe9c20c67e585db6478a7673d7fb7a58ab9f868d34d4ebaff38111c86984e4d749e' +
      'a8ff934db1a1e64dcb4b8ff013a2393072d50c1fcb9c812cefc8951ca860618c4601c494e128e0bbbb532b4a60bef70f' +
      '4ac22362ea7aef7f6f815265edc20f0f6330259888b32433585210cd92a8a8abfcdcefe607fa0ccd0b6ef30d4dc10bb9' +
      '51b8dbb9db867c2b452ee3ada5017e1ba81e6fbeae825ce65a0b8b0f47f4a1e4b37176ee5e5584486e376ba17ba6525a' +
      '5dde6f016948722ef029001712ee6a4f',
  },
  {
    hierarchy: 'production',
    purpose: 'sign',
    generation: 3,
    subject: SIGN_CA_NAME,
    notBefore: '2023-07-16T00:50:27Z',
    notAfter: '2033-07-15T14:59:59Z',
    sha256: 'd227f6cde11d35c5252178f106f843d24651944975413b539fa2fb68dbfa365f',
    modulus:
      'd8b4c4bf355a5e94ca849880fe2544e346ce03a81d92e684a627ed1efc76306b87a562c19dd4353da08f515b02959d3d' +
      '9c723c31b7ed15c9073638aa3ba3620586e5b0c49e44497cc186fb1b2e1e4435cc17f6af149bc267d68c9983d33ae254' +
      'a52638909bccd099c99b7a3ab7958d072e79e5b1e676584b326df321ba3bd1908fe384d1488dfb3c1e0087cc0e73fd92' +
      '3188cce1b76680e7afedf0aaffd63df1e42992a49ce977a1a82d6ac29a1d766666f9ad884a46d5bef43f676581ecb00c' +
      '3a410b27cff90a51e41aee7979c78efa97ec6d2ec868909dd2fe0c0b7d73270841eae05c8acc74e6b1db00cffd93d27b' +
      '5491d4920528f0daadf2996546778949',
  },
  {
    hierarchy: 'production',
    purpose: 'auth',
    generation: 1,
    subject: AUTH_CA_NAME,
    notBefore: '2015-10-20T03:08:13Z',
    notAfter: '2025-10-19T14:59:59Z',
    sha256: '4dcfc4ca0aaf9fb2a3081b3f0c991c320b3acc008667a341eeaec5af1d58ca7d',
    modulus:
      'c4accad3c0e232d15ecb1d8081b6dcda02a85eb5fa2825ff05d183121952019d90f3c4acf8b68343598e2637ddf9528f' +
      '6c68f4ec4edb0845e7796b31407a41375614ca4ab7e1037f6e1acb090541227eac5acb7598f1788020f1398c1e41f067' +
      '3a29e77d1af9b3c00ed354dc60e4cf6ae48d3e831b49da872a316388ec0f2d7cbd94a703aac9560a4595578ca22404f2' +
      '1b62b34b759ac0922dc5b020b297bad1e3b34eb77b0b656d68cf67f125466e6c3ee8017cca9998687d4f73dca406e9d8' +
      '1368dccea673ca867c5b4f05ccebccd05b9d87f28922affea0276de002bf9f47c67e20cb8a9028fb75ffbb2eff9a6ffd' +
      'd922771bd35f902f95c4807b3b44bac7',
  },
  {
    hierarchy: 'production',
    purpose: 'auth',
    generation: 2,
    subject: AUTH_CA_NAME,
    notBefore: '2019-09-14T23:41:59Z',
    notAfter: '2029-09-14T14:59:59Z',
    sha256: '0d98de47fc11b7f67126874b7028b6026a803d2638d6edfe53176953961fade6',
    modulus:
      '945f7c265acd7169012267b3d9813f10b5ac049167ce9cfdae104c32f8314e4865adaec69c591dc138f67b43b01c865e' +
      'dcf8340c5d7852d765c46de86d85e7aa646d5a42efc8913a2240fb8e607f1e7c00a523dc5542adb456fdb008d45ec383' +
      '15198bcce2ec29b5e81d719f8c3cd54fd12c7052a2a3a4d64c5ece6355514bb3cb400759a08996d06dd82f79684e4da6' +
      '104f9c93a57b246abc95d502c967b0f6066a308ae630d4a56df78b6f163f29d0a37aeb1665e4fc985ccf199ff804464f' +
      '3c1876b30fd052f540e75e410a6ab5b538187f2d5b67eeacfb33cdfd782c9c02dd46f62ffdbe69e1dac8cc0fed5d5cf0' +
      '29ca4350eadda8587ec0d5edbfa1f853',
  },
  {
    hierarchy: 'production',
    purpose: 'auth',
    generation: 3,
    subject: AUTH_CA_NAME,
    notBefore: '2023-07-16T01:01:04Z',
    notAfter: '2033-07-15T14:59:59Z',
    sha256: '64114f29620c24ed2631d46476a040e7ee740d956089c00b036a6a8118c322b5',
    modulus:
      'ddc4db7ec5ea81f4ee74081c762234f77dfc3c1bfc0e7f0409d917cf1d3bb0068b9dbabc4396fa97e4c3d6959a4568a3' +
      '696d8d285a33ac03806e2d6e346d2e815bece676f60866fb6ec4abb2e54eb5dc5195d146cced44f6b3867f5a4e1027e0' +
      '7ab054279e8425cb36c32f7c7bd0643ea10328f13a34b056eaa11594400bb74280d435bfc7d3f93c3f167086d518636a' +
      'b991a35bb65238abed2efaa9d05e2cd738fc753c912f3ecbf4110c84d3eeda89267991d8ae0ef67d55d517aa22475271' +
      '258c26054518912782e5ba0106c2a3155abd2f53ed944e0f8ae2f4fa1126318d301f8e03654759163c4b3fd5411b96a7' +
      'eb250a3fdb9ad3c6841de3f597c89a1f',
  },
];

let production: readonly TrustAnchor[] | undefined;

/** The production CAs: what verification trusts unless told otherwise. */
export function productionAnchors(): readonly TrustAnchor[] {
  production ??= PRODUCTION.map(anchorFromFacts);
  return production;
}

/**
 * The four CAs seen on J-LIS test cards (`O=JPKI-TEST`), by the SHA-256 of their certificates (published with the test
 * card of the crate myna-card 3.3.4). They say nothing about real people; trust them only where that is wanted.
 * The CA certificate itself must be at hand: on the card (EF 0002, 000B), in the message, or given by the caller.
 */
export function testAnchors(): readonly PinnedAnchor[] {
  return TEST.map(({ sha256, ...origin }) => ({
    ...origin,
    kind: 'pin',
    hierarchy: 'test',
    fingerprint: Buffer.from(sha256, 'hex'),
  }));
}

const TEST = [
  { purpose: 'sign', sha256: '7bdbdf2652a15e6d458efc143b7201242e1162416251d0903060fa7c642465cc' },
  { purpose: 'sign', sha256: '8126df7dd2db230bd8ee48caa40fc3417dde3607050ed34973d8d3cf267fe723' },
  { purpose: 'auth', sha256: 'b6de0ff5a384f5af0242a6ca854dee57ee2cad97b341f18b914948fd8e638706' },
  { purpose: 'auth', sha256: '5a0e7d690c718fadebc7fb6eff66a6dd623458debc1aa6fb1778bfe157cbeb25' },
] as const;
