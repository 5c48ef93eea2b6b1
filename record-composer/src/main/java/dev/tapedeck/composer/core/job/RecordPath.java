package dev.tapedeck.composer.core.job;

import dev.tapedeck.protocol.id.KeySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Which recording a caller means: {@code app/room/number}, as the hook {@code Record.Started} names it.
 *
 * @param app segment of the app whose recording it is, as {@link KeySegment#escape} makes it
 * @param key prefix of its objects, escaped, ending in "/"
 */
public record RecordPath(String app, String key) {
  private static final int SEGMENTS = 3;
  private static final int MAX_CHARS = 2048;

  /**
   * Reads and normalises a path. Segments may be escaped or not; what could lead elsewhere is refused.
   *
   * @throws IllegalArgumentException saying what to change
   */
  public static RecordPath parse(String text) {
    if (text.length() > MAX_CHARS) {
      throw new IllegalArgumentException("record_path is longer than " + MAX_CHARS + " characters");
    }
    String trimmed = text.strip().replaceAll("^/|/$", "");
    String[] segments = trimmed.split("/", -1);
    if (segments.length != SEGMENTS) {
      throw new IllegalArgumentException("record_path must be app/room/number, as the Started event has it");
    }
    List<String> escaped = new ArrayList<>();
    for (String segment : segments) {
      escaped.add(escape(segment));
    }
    if (!segments[2].matches("[1-9][0-9]{0,17}")) {
      throw new IllegalArgumentException("the last part of record_path must be the number of a recording");
    }
    return new RecordPath(escaped.getFirst(), String.join("/", escaped) + "/");
  }

  private static String escape(String segment) {
    if (segment.isEmpty() || segment.equals(".") || segment.equals("..") || segment.indexOf('\\') >= 0
        || segment.codePoints().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException("record_path has a part that is empty, \".\" or \"..\", or not a name");
    }
    return KeySegment.isShortened(segment) ? segment : KeySegment.escape(nameOf(segment));
  }

  private static String nameOf(String segment) {
    try {
      return KeySegment.percentDecode(segment);
    } catch (IllegalArgumentException notEscaped) {
      return segment;
    }
  }

  /** Segment of the room, as {@link KeySegment#escape} makes it. */
  public String room() {
    return key.split("/")[1];
  }

  /** The recording's id, as digits. */
  public String number() {
    return key.split("/")[2];
  }

  /** Whether the recording belongs to this app. */
  public boolean isOf(String name) {
    return app.equals(KeySegment.escape(name));
  }
}
