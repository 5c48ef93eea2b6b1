package dev.tapedeck.media.core.sctp;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs state cookies with HMAC-SHA-256 under a key of its own, so that only what it signed is believed. */
final class CookieSigner {
  private static final int KEY_BYTES = 32;
  private static final int SIGNATURE_BYTES = 32;

  private final Mac mac;

  CookieSigner(RandomGenerator random) {
    byte[] key = new byte[KEY_BYTES];
    random.nextBytes(key);
    try {
      mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no HmacSHA256, which every Java must have", e);
    }
  }

  byte[] sign(StateCookie cookie) {
    ByteBuffer bytes = ByteBuffer.allocate(StateCookie.BYTES + SIGNATURE_BYTES);
    cookie.write(bytes);
    mac.update(bytes.array(), 0, StateCookie.BYTES);
    return bytes.put(mac.doFinal()).array();
  }

  /** Empty unless these very bytes came from {@link #sign}. */
  Optional<StateCookie> open(byte[] signed) {
    if (signed.length != StateCookie.BYTES + SIGNATURE_BYTES) {
      return Optional.empty();
    }
    mac.update(signed, 0, StateCookie.BYTES);
    byte[] signature = Arrays.copyOfRange(signed, StateCookie.BYTES, signed.length);
    return MessageDigest.isEqual(mac.doFinal(), signature)
        ? Optional.of(StateCookie.read(ByteBuffer.wrap(signed)))
        : Optional.empty();
  }
}
