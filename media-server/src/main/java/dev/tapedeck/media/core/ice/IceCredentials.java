package dev.tapedeck.media.core.ice;

import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;

/**
 * Username fragment and password of one ICE generation (RFC 8445 §5.3).
 *
 * @param ufrag ours: always {@link #UFRAG_CHARS} ice-chars, so that it fits a {@code long} and a session is found by
 *              number
 * @param pwd   22 to 256 ice-chars; a secret
 */
public record IceCredentials(String ufrag, String pwd) {
  /** 48 bits: not to be guessed by who floods the port, and still one {@code long} of ASCII. */
  public static final int UFRAG_CHARS = 8;

  /** 192 bits; RFC 8445 §5.3 asks for 128. */
  static final int PWD_CHARS = 32;

  private static final String ICE_CHARS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

  public IceCredentials {
    if (!ufrag.matches("[A-Za-z0-9+/]{" + UFRAG_CHARS + "}")) {
      throw new IllegalArgumentException("ufrag must be " + UFRAG_CHARS + " ice-chars");
    }
    if (!pwd.matches("[A-Za-z0-9+/]{22,256}")) {
      throw new IllegalArgumentException("pwd must be 22 to 256 ice-chars");
    }
  }

  /** @param random a secure one outside of tests */
  public static IceCredentials create(RandomGenerator random) {
    return new IceCredentials(iceChars(random, UFRAG_CHARS), iceChars(random, PWD_CHARS));
  }

  private static String iceChars(RandomGenerator random, int count) {
    StringBuilder text = new StringBuilder(count);
    for (int i = 0; i < count; i++) {
      text.append(ICE_CHARS.charAt(random.nextInt(ICE_CHARS.length())));
    }
    return text.toString();
  }

  /** The ufrag's ASCII bytes as a big-endian number, as {@link StunCodec#peekLocalUfrag} reads them; never 0. */
  public long ufragKey() {
    long key = 0;
    for (byte b : ufrag.getBytes(StandardCharsets.US_ASCII)) {
      key = key << 8 | b;
    }
    return key;
  }

  @Override
  public String toString() {
    return "IceCredentials[" + ufrag + ", ****]";
  }
}
