package dev.tapedeck.protocol.id;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a chunk lies in the store: {@code <app>/<room>/<recording>/<peer>/<session>/<index>-<fromMs>-<toMs>.tdc}. The
 * names are escaped by {@link KeySegment}, the index has 8 digits and never restarts within a recording and session. Of
 * any names a key has less than 800 bytes.
 *
 * @param index  0..99,999,999
 * @param fromMs Unix milliseconds of the first entry, not negative
 * @param toMs   Unix milliseconds of the last entry, not negative
 */
public record ChunkKey(
    String app, String room, long recording, String peer, long session, int index, long fromMs, long toMs) {
  public static final int MAX_INDEX = 99_999_999;

  private static final String NUMBER = "(0|[1-9][0-9]{0,17})";
  private static final Pattern KEY = Pattern.compile(
      "([^/]+)/([^/]+)/" + NUMBER + "/([^/]+)/" + NUMBER + "/([0-9]{8})-" + NUMBER + "-" + NUMBER + "\\.tdc");

  public ChunkKey {
    if (index < 0 || index > MAX_INDEX) {
      throw new IllegalArgumentException("chunk index " + index + " is not in 0.." + MAX_INDEX);
    }
    if (recording < 0 || session < 0 || fromMs < 0 || toMs < 0) {
      throw new IllegalArgumentException("numbers of a chunk key cannot be negative");
    }
  }

  /** The key as it stands in the store. */
  @Override
  public String toString() {
    return sessionPrefix(app, room, recording, peer, session)
        + String.format(Locale.ROOT, "%08d-%d-%d.tdc", index, fromMs, toMs);
  }

  /** Reads a key; empty if {@link #toString} does not make it, or if a name is too long to stand in it whole. */
  public static Optional<ChunkKey> parse(String key) {
    Matcher m = KEY.matcher(key);
    if (!m.matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(new ChunkKey(KeySegment.unescape(m.group(1)), KeySegment.unescape(m.group(2)),
          Long.parseLong(m.group(3)), KeySegment.unescape(m.group(4)), Long.parseLong(m.group(5)),
          Integer.parseInt(m.group(6)), Long.parseLong(m.group(7)), Long.parseLong(m.group(8))));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** What all keys of a recording begin with: {@code <app>/<room>/<recording>/}. */
  public static String recordingPrefix(String app, String room, long recording) {
    return KeySegment.escape(app) + '/' + KeySegment.escape(room) + '/' + recording + '/';
  }

  /** What all chunks of a session begin with: {@code <app>/<room>/<recording>/<peer>/<session>/}. */
  public static String sessionPrefix(String app, String room, long recording, String peer, long session) {
    return recordingPrefix(app, room, recording) + KeySegment.escape(peer) + '/' + session + '/';
  }

  /** Key of one version of a recording's manifest, which is never overwritten. */
  public static String manifest(String app, String room, long recording, int version) {
    return recordingPrefix(app, room, recording) + "manifest." + version + ".json";
  }

  /** Key of the copy of the newest manifest. */
  public static String newestManifest(String app, String room, long recording) {
    return recordingPrefix(app, room, recording) + "manifest.json";
  }
}
