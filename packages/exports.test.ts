import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { entriesOf, inRepository, publicFolders, withoutComments } from './workspace-sources.ts';

/**
 * What the published packages show to the world. A change to a snapshot below is a change to the public API:
 * `npx vitest run --project repo packages/exports.test.ts -u` writes it, and a reviewer looks at it.
 */
const names = publicFolders().map((folder) => folder.replace('packages/', ''));

/** The names that each entry of a package exports at run time (types leave no trace there). */
async function surfaceOf(name: string): Promise<Record<string, string[]>> {
  const entries = entriesOf(name).map(async ({ subpath, source }) => {
    const module: object = await import(pathToFileURL(inRepository(source)).href);
    return [subpath, Object.keys(module).sort()] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

describe('the public API of', () => {
  const seen: string[] = [];

  test('@jpki/iso7816', async () => {
    seen.push('iso7816');
    expect(await surfaceOf('iso7816')).toMatchInlineSnapshot(`
      {
        ".": [
          "ApduFormatError",
          "Card",
          "CardError",
          "CardLimitError",
          "CardRemovedError",
          "CardResetError",
          "CardSession",
          "Ins",
          "LinkError",
          "MAX_ATR_LENGTH",
          "MAX_RESPONSE_LENGTH",
          "MalformedResponseError",
          "Pin",
          "PinOutcomeUnknownError",
          "PinPadError",
          "PinRepeatedError",
          "StatusWordError",
          "Sw",
          "TODAY",
          "TlvFormatError",
          "decodeAtr",
          "decodeCommand",
          "decodeResponse",
          "describeStatusWord",
          "encodeCommand",
          "encodeResponse",
          "encodeTlv",
          "fromHex",
          "getResponse",
          "isNeverRepeated",
          "layered",
          "readTlv",
          "readTlvHeader",
          "readTlvs",
          "toHex",
          "tolerateFirstFailure",
          "triesLeftFrom",
        ],
      }
    `);
  });

  test('@jpki/core', async () => {
    seen.push('core');
    expect(await surfaceOf('core')).toMatchInlineSnapshot(`
      {
        ".": [
          "Certificate",
          "CertificateFormatError",
          "CmsFormatError",
          "CoreError",
          "DerError",
          "KeyUsage",
          "SignatureMismatchError",
          "digestInfo",
          "digestLength",
          "digestOf",
          "nameAttributes",
          "nameText",
          "readCertificate",
          "softwareSigner",
          "verifyRsa",
          "verifyRsaDigest",
        ],
        "./cms": [
          "VerificationCache",
          "buildSignedData",
          "bytesSource",
          "completeSignature",
          "contentHashes",
          "digestContent",
          "digestContentSync",
          "encodeSignedData",
          "encodeSignedDataAround",
          "formatVerdict",
          "prepareSignature",
          "readSignedData",
          "signContentDigest",
          "signedDataLength",
          "verifySignedData",
        ],
        "./der": [
          "DerReader",
          "NULL",
          "TRUE",
          "Tag",
          "bitString",
          "contextConstructed",
          "contextPrimitive",
          "dottedOid",
          "element",
          "elementHeader",
          "equalBytes",
          "ia5String",
          "integer",
          "objectIdentifier",
          "octetString",
          "printableString",
          "sequence",
          "setOf",
          "time",
          "utf8String",
        ],
        "./trust": [
          "FINDINGS",
          "anchorFromCertificate",
          "checkPath",
          "productionAnchors",
          "statusOf",
          "testAnchors",
          "worstStatus",
        ],
      }
    `);
  });

  test('@jpki/pcsc', async () => {
    seen.push('pcsc');
    expect(await surfaceOf('pcsc')).toMatchInlineSnapshot(`
      {
        ".": [
          "Pcsc",
          "PcscChannel",
          "PcscError",
          "ScardFailure",
          "controlCode",
          "describeScardCode",
          "miniBinding",
          "openPcsc",
          "pcscliteBinding",
          "pinPad",
          "readerAttributes",
          "socketBinding",
        ],
      }
    `);
  });

  test('@jpki/applets', async () => {
    seen.push('applets');
    expect(await surfaceOf('applets')).toMatchInlineSnapshot(`
      {
        ".": [
          "ApplicationNotFoundError",
          "CARD_MANAGER_AID",
          "CardDataInvalidError",
          "CardForgedError",
          "CardManager",
          "CardSignatureInvalidError",
          "CertificateAbsentError",
          "CommonApplication",
          "ComputeSignature",
          "CounterChangedError",
          "CvAnchorFormatError",
          "ImplausibleCounterError",
          "JPKI_AID",
          "JpkiApplication",
          "JpkiEf",
          "JpkiKey",
          "LastTryError",
          "PIN_POLICY",
          "PinBlockedError",
          "PinChangeRefusedError",
          "PinChangeUnknownError",
          "PinError",
          "PinFormatError",
          "PinIncorrectError",
          "PinKnownWrongError",
          "PinRefusedError",
          "PinRequiredError",
          "ResidentApplication",
          "SecretDigits",
          "SecureMessagingError",
          "TextApplication",
          "VisualApplication",
          "birthDigits",
          "changePin",
          "eraYearOf",
          "keyIdText",
          "normalizeNewPin",
          "normalizePin",
          "numberBDigits",
          "parseCvAnchors",
          "productionCvAnchors",
          "readCardOverview",
          "readCounters",
          "readCvCertificate",
          "renewableFrom",
          "testCvAnchors",
        ],
        "./card-map": [
          "AVAILABLE",
          "ComputeSignature",
          "cardMap",
          "recordTags",
        ],
        "./jpki": [
          "JPKI_AID",
          "JpkiApplication",
          "JpkiEf",
          "JpkiKey",
          "PIN_POLICY",
          "normalizePin",
        ],
      }
    `);
  });

  test('@jpki/simulator', async () => {
    seen.push('simulator');
    expect(await surfaceOf('simulator')).toMatchInlineSnapshot(`
      {
        ".": [
          "CARD_VARIANTS",
          "MAX_TRIES",
          "SimulatorError",
          "SimulatorExportError",
          "SimulatorPki",
          "SimulatorPkiError",
          "SimulatorStateError",
          "VirtualCard",
          "accessCodes",
          "cardDates",
          "exportPki",
          "openSimulatorPki",
          "openVirtualCard",
          "personaNamed",
          "personas",
          "singleVariants",
          "variantNames",
        ],
        "./test-pki": [
          "SimulatorPki",
          "openSimulatorPki",
        ],
        "./vpcd": [
          "serveVpcd",
        ],
      }
    `);
  });

  test('@jpki/trace', async () => {
    seen.push('trace');
    expect(await surfaceOf('trace')).toMatchInlineSnapshot(`
      {
        ".": [
          "CardView",
          "MAX_DIFFERENCES",
          "Recorder",
          "Redactor",
          "TRACE_SCHEMA",
          "TRACE_SCHEMA_VERSION",
          "TraceEndedError",
          "TraceFormatError",
          "TraceImportError",
          "TraceLeftOverError",
          "TraceLimit",
          "TraceMismatchError",
          "TraceRedactedError",
          "commandText",
          "compareTraces",
          "decodeTrace",
          "equivalentOf",
          "formatDecoded",
          "formatDifferences",
          "formatEntry",
          "formatHeader",
          "formatTrace",
          "importTrace",
          "isPlain",
          "logFormat",
          "maskedLength",
          "openAtr",
          "parseTrace",
          "plainBytes",
          "recorder",
          "redacted",
          "replay",
          "say",
          "sliceMasked",
          "statusWordOf",
          "stepText",
          "traceReader",
          "traceText",
          "traceToJson",
          "traceToPcap",
        ],
      }
    `);
  });

  test('@jpki/cli', async () => {
    seen.push('cli');
    expect(await surfaceOf('cli')).toMatchInlineSnapshot(`
      {
        ".": [
          "Exit",
          "main",
        ],
      }
    `);
  });

  test('every published package is above', () => {
    expect([...seen].sort()).toEqual([...names].sort());
  });
});

test.each(names)('@jpki/%s lists its exports by name', (name) => {
  for (const { source } of entriesOf(name)) {
    const code = withoutComments(readFileSync(inRepository(source), 'utf8'));
    expect(code, source).not.toMatch(/\bexport\s*(?:type\s*)?\*|\bexport\s+default\b/);
  }
});
