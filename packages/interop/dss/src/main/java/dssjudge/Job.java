package dssjudge;

import java.util.List;

/**
 * One question: what does DSS say of this file?
 *
 * @param id         chosen by the asker; comes back with the answer
 * @param signature  path of the CMS or PDF file
 * @param content    path of the detached content, or null when the file carries its own
 * @param trusted    paths of the CA certificates (DER or PEM) to take as trust anchors
 * @param at         ISO 8601 instant to validate at, or null for now
 * @param revocation "required" (the ETSI default policy) or "off" (missing revocation data is no failure)
 */
record Job(String id, String signature, String content, List<String> trusted, String at, String revocation) {}
