package dssjudge;

import java.util.List;

/**
 * What DSS says of one file. Either the signatures it found, or why it could not read the file at all.
 *
 * @param id         the job's id
 * @param signatures one entry per signature, in DSS's order; empty when there is none
 * @param error      null, or why DSS refused the file
 */
record Answer(String id, List<SignatureFindings> signatures, Refusal error) {

  /**
   * DSS threw instead of answering.
   *
   * @param type    simple name of the exception
   * @param message its message
   */
  record Refusal(String type, String message) {}

  static Answer refused(Job job, Throwable cause) {
    return new Answer(
        job.id(), List.of(), new Refusal(cause.getClass().getSimpleName(), String.valueOf(cause.getMessage())));
  }
}
