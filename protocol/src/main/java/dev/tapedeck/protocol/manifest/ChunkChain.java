package dev.tapedeck.protocol.manifest;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Ties the chunks of one session together, so that none can be changed, left out or moved without every later link showing
 * it:
 *
 * <pre>
 *   link(-1) = 32 zero bytes
 *   link(i)  = SHA-256(link(i-1) || SHA-256 of chunk i)
 * </pre>
 */
public final class ChunkChain {
  private static final int HASH_BYTES = 32;

  private ChunkChain() {}

  /**
   * The links of a session's chunks.
   *
   * @param sha256s hashes of the chunks in the order of their index, each 64 hex digits
   * @return one link per chunk, lower-case hex
   * @throws IllegalArgumentException when a hash is not 32 bytes of hex
   */
  public static List<String> links(List<String> sha256s) {
    List<String> links = new ArrayList<>(sha256s.size());
    byte[] link = new byte[HASH_BYTES];
    for (String sha256 : sha256s) {
      link = next(link, HexFormat.of().parseHex(sha256));
      links.add(HexFormat.of().formatHex(link));
    }
    return List.copyOf(links);
  }

  /**
   * The link after one chunk.
   *
   * @param previous link before it, 32 bytes; zeros for the first
   * @param sha256   hash of the chunk's bytes, 32 bytes
   */
  public static byte[] next(byte[] previous, byte[] sha256) {
    if (previous.length != HASH_BYTES || sha256.length != HASH_BYTES) {
      throw new IllegalArgumentException("link and hash have 32 bytes, not " + previous.length + " and " + sha256.length);
    }
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(previous);
      return digest.digest(sha256);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
