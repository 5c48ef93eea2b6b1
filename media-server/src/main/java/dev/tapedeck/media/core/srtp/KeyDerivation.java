package dev.tapedeck.media.core.srtp;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Session keys from a master key: the AES-CM pseudo-random function of RFC 3711 §4.3.3 with a key derivation rate of 0,
 * so that each key is derived once per session. Cold path.
 */
public final class KeyDerivation {
  private static final int AES_BLOCK_BYTES = 16;
  private static final int LABEL_OFFSET = 7;
  private static final int HMAC_KEY_BYTES = 20;

  // Labels (RFC 3711 §4.3.1 and §4.3.2); SRTCP continues where SRTP ends.
  private static final int RTP_ENCRYPTION = 0;
  private static final int RTCP_ENCRYPTION = 3;
  private static final int AUTHENTICATION = 1;
  private static final int SALT = 2;

  private KeyDerivation() {}

  /** Keys for RTP packets. */
  public static SessionKeys rtp(SrtpProfile profile, byte[] masterKey, byte[] masterSalt) {
    return derive(profile, masterKey, masterSalt, RTP_ENCRYPTION);
  }

  /** Keys for RTCP packets. */
  public static SessionKeys rtcp(SrtpProfile profile, byte[] masterKey, byte[] masterSalt) {
    return derive(profile, masterKey, masterSalt, RTCP_ENCRYPTION);
  }

  private static SessionKeys derive(SrtpProfile profile, byte[] masterKey, byte[] masterSalt, int firstLabel) {
    check("master key", masterKey, profile.keyBytes);
    check("master salt", masterSalt, profile.saltBytes);
    int hmacKeyBytes = profile == SrtpProfile.AES128_CM_HMAC_SHA1_80 ? HMAC_KEY_BYTES : 0;
    return new SessionKeys(
        pseudoRandom(masterKey, masterSalt, firstLabel, profile.keyBytes),
        pseudoRandom(masterKey, masterSalt, firstLabel + AUTHENTICATION, hmacKeyBytes),
        pseudoRandom(masterKey, masterSalt, firstLabel + SALT, profile.saltBytes));
  }

  private static void check(String what, byte[] value, int bytes) {
    if (value.length != bytes) {
      throw new IllegalArgumentException(what + " must have " + bytes + " bytes, not " + value.length);
    }
  }

  /**
   * The first {@code bytes} of AES-CM's key stream for one label.
   *
   * <pre>
   *  0                    7                      14      16
   * +----------------------------------------------+-------+
   * |              master salt (14 bytes)          | block |   12-byte salts (GCM) end with two zero bytes
   * +--------------------+XOR+---------------------+ count |   (RFC 7714 §11)
   *                      label
   * </pre>
   */
  static byte[] pseudoRandom(byte[] masterKey, byte[] masterSalt, int label, int bytes) {
    byte[] counter = Arrays.copyOf(masterSalt, AES_BLOCK_BYTES);
    counter[LABEL_OFFSET] ^= (byte) label;
    try {
      Cipher keyStream = Cipher.getInstance("AES/CTR/NoPadding");
      keyStream.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(masterKey, "AES"), new IvParameterSpec(counter));
      return keyStream.doFinal(new byte[bytes]);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no AES in counter mode", e);
    }
  }
}
