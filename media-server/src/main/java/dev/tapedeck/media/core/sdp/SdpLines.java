package dev.tapedeck.media.core.sdp;

import java.util.ArrayList;
import java.util.List;

/** Splits a description into lines and refuses what is too big to be one. */
final class SdpLines {
  private SdpLines() {}

  /**
   * @param text lines ended by CRLF or LF; empty lines are skipped
   * @throws SdpException for more than {@link SdpParser#MAX_CHARS} or {@link SdpParser#MAX_LINES}, a control character,
   *     or a line that is not {@code <letter>=<value>}
   */
  static List<SdpLine> split(String text) {
    if (text.length() > SdpParser.MAX_CHARS) {
      throw new SdpException("description has " + text.length() + " characters; the limit is " + SdpParser.MAX_CHARS
          + ": offer fewer m-lines, or fewer codecs by setCodecPreferences");
    }
    List<SdpLine> lines = new ArrayList<>();
    int number = 0;
    for (int start = 0; start < text.length(); ) {
      int end = text.indexOf('\n', start);
      end = end < 0 ? text.length() : end;
      if (++number > SdpParser.MAX_LINES) {
        throw new SdpException("description has more than " + SdpParser.MAX_LINES + " lines");
      }
      String line = text.substring(start, end > start && text.charAt(end - 1) == '\r' ? end - 1 : end);
      if (!line.isBlank()) {
        lines.add(SdpLine.of(number, line));
      }
      start = end + 1;
    }
    return lines;
  }
}
