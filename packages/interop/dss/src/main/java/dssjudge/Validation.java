package dssjudge;

import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.spi.DSSUtils;
import eu.europa.esig.dss.spi.validation.CertificateVerifier;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.CommonTrustedCertificateSource;
import eu.europa.esig.dss.validation.SignedDocumentValidator;
import eu.europa.esig.dss.validation.reports.Reports;
import java.io.File;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Locale;

/** Puts one job to DSS. */
final class Validation {
  private final Policies policies = new Policies();

  Answer answer(Job job) {
    try {
      Reports reports = validatorFor(job).validateDocument(policies.named(job.revocation()));
      List<SignatureFindings> findings = reports.getSimpleReport().getSignatureIdList().stream()
          .map(id -> SignatureFindings.of(reports, id))
          .toList();
      return new Answer(job.id(), findings, null);
    } catch (RuntimeException | StackOverflowError e) {
      return Answer.refused(job, e);
    }
  }

  private static SignedDocumentValidator validatorFor(Job job) {
    var validator = SignedDocumentValidator.fromDocument(new FileDocument(job.signature()));
    validator.setCertificateVerifier(offlineVerifier(job.trusted()));
    validator.setLocale(Locale.ENGLISH);
    if (job.content() != null) validator.setDetachedContents(List.of(new FileDocument(job.content())));
    if (job.at() != null) validator.setValidationTime(Date.from(Instant.parse(job.at())));
    return validator;
  }

  /** Every source that would go to the network is named and switched off, whatever DSS's own defaults are. */
  private static CertificateVerifier offlineVerifier(List<String> trusted) {
    var anchors = new CommonTrustedCertificateSource();
    for (String path : trusted) anchors.addCertificate(DSSUtils.loadCertificate(new File(path)));
    var verifier = new CommonCertificateVerifier();
    verifier.setAIASource(null);
    verifier.setCrlSource(null);
    verifier.setOcspSource(null);
    verifier.setTrustedCertSources(anchors);
    return verifier;
  }
}
