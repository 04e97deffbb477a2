package dssjudge;

import eu.europa.esig.dss.model.policy.ValidationPolicy;
import eu.europa.esig.dss.policy.EtsiValidationPolicy;
import eu.europa.esig.dss.policy.ValidationPolicyFacade;
import eu.europa.esig.dss.policy.jaxb.CertificateConstraints;
import eu.europa.esig.dss.policy.jaxb.ConstraintsParameters;
import eu.europa.esig.dss.enumerations.Level;
import eu.europa.esig.dss.policy.jaxb.LevelConstraint;
import java.io.IOException;
import java.io.InputStream;
import javax.xml.stream.XMLStreamException;

/** The two validation policies the tests ask for; both start from the default one that comes with DSS. */
final class Policies {
  private static final String DEFAULT_POLICY = "/policy/constraint.xml";

  private final ValidationPolicy revocationRequired;
  private final ValidationPolicy revocationOff;

  Policies() {
    revocationRequired = new EtsiValidationPolicy(defaultConstraints());
    revocationOff = new EtsiValidationPolicy(withoutRevocation(defaultConstraints()));
  }

  ValidationPolicy named(String revocation) {
    return switch (revocation) {
      case "required" -> revocationRequired;
      case "off" -> revocationOff;
      default -> throw new IllegalArgumentException("revocation is \"required\" or \"off\", not " + revocation);
    };
  }

  private static ConstraintsParameters defaultConstraints() {
    try (InputStream xml = ValidationPolicyFacade.class.getResourceAsStream(DEFAULT_POLICY)) {
      return ValidationPolicyFacade.newFacade().unmarshall(xml);
    } catch (IOException | XMLStreamException | jakarta.xml.bind.JAXBException | org.xml.sax.SAXException e) {
      throw new IllegalStateException("DSS's default policy could not be read", e);
    }
  }

  /** A test CA publishes no CRL and answers no OCSP, so the missing data only earns a remark. */
  private static ConstraintsParameters withoutRevocation(ConstraintsParameters constraints) {
    var basic = constraints.getSignatureConstraints().getBasicSignatureConstraints();
    for (CertificateConstraints certificate : new CertificateConstraints[] {
      basic.getSigningCertificate(), basic.getCACertificate()
    }) {
      LevelConstraint available = certificate.getRevocationDataAvailable();
      if (available != null) available.setLevel(Level.INFORM);
    }
    return constraints;
  }
}
