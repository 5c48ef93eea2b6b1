package dev.tapedeck.composer.core.job;

import dev.tapedeck.protocol.id.Ids;
import dev.tapedeck.protocol.id.KeySegment;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * Names of output files. Ids of callers are escaped, so that none can leave its folder, and shortened so that the whole
 * name is one the library takes ({@link Ids#MAX_NAME_BYTES}); a shortened one ends in a checksum and stays its own.
 */
public final class FileNames {
  /** "~" and eight hex digits, at the end of what was shortened. */
  private static final int CHECKSUM_CHARS = 9;

  private FileNames() {}

  /** {@code <peer>-<session>-<codec>-<track>-<firstMs>.<extension>} */
  public static String track(String peer, long session, String codec, String track, long firstMs, String extension) {
    String own = "-" + session + "-" + codec + "-";
    String end = "-" + firstMs + "." + extension;
    int free = Ids.MAX_NAME_BYTES - own.length() - end.length();
    // Each gets half, and what the other leaves over.
    String trackPart = part(track, Math.max(free / 2, free - escaped(peer).length()));
    return part(peer, free - trackPart.length()) + own + trackPart + end;
  }

  /** {@code <peer>.ogg} */
  public static String voice(String peer) {
    return part(peer, Ids.MAX_NAME_BYTES - ".ogg".length()) + ".ogg";
  }

  private static String part(String name, int maxChars) {
    String escaped = escaped(name);
    if (escaped.length() <= maxChars) {
      return escaped;
    }
    CRC32C crc = new CRC32C();
    crc.update(name.getBytes(StandardCharsets.UTF_8));
    return escaped.substring(0, maxChars - CHECKSUM_CHARS).replaceAll("%[0-9A-F]?$", "") + "~"
        + Long.toHexString(crc.getValue());
  }

  private static String escaped(String name) {
    return name.isEmpty() ? "_" : KeySegment.escape(name);
  }
}
