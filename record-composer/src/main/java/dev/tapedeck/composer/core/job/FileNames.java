package dev.tapedeck.composer.core.job;

import dev.tapedeck.protocol.id.KeySegment;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * Names of output files. Ids of callers are escaped, so that none can leave its folder, and shortened where the escaped
 * form would not fit a file system; a shortened one ends in a checksum and stays its own.
 */
public final class FileNames {
  private static final int MAX_PART_CHARS = 80;
  private static final int KEPT_CHARS = 64;

  private FileNames() {}

  /** {@code <peer>-<session>-<codec>-<track>-<firstMs>.<extension>} */
  public static String track(String peer, long session, String codec, String track, long firstMs, String extension) {
    return part(peer) + "-" + session + "-" + codec + "-" + part(track) + "-" + firstMs + "." + extension;
  }

  /** {@code <peer>.ogg} */
  public static String voice(String peer) {
    return part(peer) + ".ogg";
  }

  private static String part(String name) {
    String escaped = name.isEmpty() ? "_" : KeySegment.escape(name);
    if (escaped.length() <= MAX_PART_CHARS) {
      return escaped;
    }
    CRC32C crc = new CRC32C();
    crc.update(name.getBytes(StandardCharsets.UTF_8));
    return escaped.substring(0, KEPT_CHARS).replaceAll("%[0-9A-F]?$", "") + "~" + Long.toHexString(crc.getValue());
  }
}
