package dssjudge;

import eu.europa.esig.dss.diagnostic.CertificateWrapper;
import eu.europa.esig.dss.diagnostic.SignatureWrapper;
import eu.europa.esig.dss.jaxb.object.Message;
import eu.europa.esig.dss.simplereport.SimpleReport;
import eu.europa.esig.dss.validation.reports.Reports;
import java.util.Date;
import java.util.List;

/**
 * DSS's findings about one signature, as plain values.
 *
 * @param format            DSS's name of the level, such as "CAdES-BASELINE-B"
 * @param signatureIntact   DSS's isSignatureIntact: value, signed attributes, key and content digest fit together
 * @param contentIntact     every digest over content was found and fits
 * @param signatureValid    DSS's isSignatureValid: intact, and the content is there
 * @param structureValid    the CMS or PDF structure is as the standard wants it
 * @param structureMessages what is wrong with the structure
 * @param scopes            what the signature covers: "FULL", "PARTIAL", ...
 * @param indication        ETSI EN 319 102-1 main indication, such as "TOTAL_PASSED"
 * @param subIndication     its sub-indication, or null
 * @param signer            common name of the signing certificate, or null when it was not found
 * @param signingTime       claimed signing time as ISO 8601, or null
 * @param errors            DSS's AdES errors, in English
 * @param warnings          DSS's AdES warnings, in English
 */
record SignatureFindings(
    String format,
    boolean signatureIntact,
    boolean contentIntact,
    boolean signatureValid,
    boolean structureValid,
    List<String> structureMessages,
    List<String> scopes,
    String indication,
    String subIndication,
    String signer,
    String signingTime,
    List<String> errors,
    List<String> warnings) {

  static SignatureFindings of(Reports reports, String signatureId) {
    SignatureWrapper signature = reports.getDiagnosticData().getSignatureById(signatureId);
    SimpleReport report = reports.getSimpleReport();
    CertificateWrapper certificate = signature.getSigningCertificate();
    return new SignatureFindings(
        nameOf(report.getSignatureFormat(signatureId)),
        signature.isSignatureIntact(),
        contentIntact(signature),
        signature.isSignatureValid(),
        signature.isStructuralValidationValid(),
        signature.getStructuralValidationMessages(),
        signature.getSignatureScopes().stream().map(scope -> scope.getScope().name()).toList(),
        nameOf(report.getIndication(signatureId)),
        nameOf(report.getSubIndication(signatureId)),
        certificate == null ? null : certificate.getCommonName(),
        instantOf(signature.getClaimedSigningTime()),
        textsOf(report.getAdESValidationErrors(signatureId)),
        textsOf(report.getAdESValidationWarnings(signatureId)));
  }

  private static boolean contentIntact(SignatureWrapper signature) {
    return !signature.getDigestMatchers().isEmpty()
        && signature.getDigestMatchers().stream().allMatch(digest -> digest.isDataFound() && digest.isDataIntact());
  }

  /** A level prints as the standard spells it ("CAdES-BASELINE-B"), an indication as its Java constant. */
  private static String nameOf(Enum<?> value) {
    return value == null ? null : value.toString();
  }

  private static String instantOf(Date date) {
    return date == null ? null : date.toInstant().toString();
  }

  private static List<String> textsOf(List<Message> messages) {
    return messages.stream().map(Message::getValue).toList();
  }
}
