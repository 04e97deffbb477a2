package dssjudge;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Reads one {@link Job} as JSON per line of standard input and prints one {@link Answer} as JSON per line of
 * standard output, in the same order, until the input ends. One JVM so serves a whole test file.
 */
public final class DssJudge {
  private DssJudge() {}

  /**
   * @param arguments not used
   * @throws IOException if standard input cannot be read
   */
  public static void main(String[] arguments) throws IOException {
    var answers = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    // A library that prints must not break the line protocol.
    System.setOut(System.err);
    Gson json = new GsonBuilder().serializeNulls().disableHtmlEscaping().create();
    var validation = new Validation();
    var jobs = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = jobs.readLine(); line != null; line = jobs.readLine()) {
      answers.println(json.toJson(validation.answer(json.fromJson(line, Job.class))));
    }
  }
}
