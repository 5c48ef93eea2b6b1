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
        lines.add(read(number, line));
      }
      start = end + 1;
    }
    return lines;
  }

  private static SdpLine read(int number, String line) {
    char type = line.charAt(0);
    boolean isTyped = line.length() >= 2 && line.charAt(1) == '=' && type >= 'a' && type <= 'z';
    SdpLine result = new SdpLine(number, isTyped ? type : '?', isTyped ? line.substring(2).strip() : line);
    if (!isTyped) {
      throw new SdpException("a line is one small letter, an equals sign and a value").in(result);
    }
    if (line.chars().anyMatch(c -> c < ' ' && c != '\t' || c == 0x7F)) {
      throw new SdpException("control character; lines end with CRLF or LF").in(result);
    }
    return result;
  }
}
