package dev.tapedeck.media.core.sdp;

import java.util.OptionalInt;

/**
 * A description that cannot be read or cannot be answered. The message says what is wrong and, where the reader can do
 * something about it, what to change; it is fit to be shown to the client that sent the description.
 */
public final class SdpException extends RuntimeException {
  private static final int SHOWN_CHARS = 80;

  private final int line;
  private final String problem;

  /** A problem of the description as a whole. */
  public SdpException(String problem) {
    super(problem);
    this.line = 0;
    this.problem = problem;
  }

  private SdpException(String problem, int line, String text) {
    super("line " + line + " \"" + shorten(text) + "\": " + problem);
    this.line = line;
    this.problem = problem;
  }

  /** The same problem, told with the line it was found in. One that already knows its line stays as it is. */
  SdpException in(int number, String text) {
    return line > 0 ? this : new SdpException(problem, number, text);
  }

  /** Number of the offending line, from 1; empty when the problem is not one of a line. */
  public OptionalInt line() {
    return line > 0 ? OptionalInt.of(line) : OptionalInt.empty();
  }

  private static String shorten(String text) {
    String printable = text.replaceAll("\\p{Cntrl}", "?");
    return printable.length() <= SHOWN_CHARS ? printable : printable.substring(0, SHOWN_CHARS) + "...";
  }
}
