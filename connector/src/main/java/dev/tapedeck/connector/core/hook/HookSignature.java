package dev.tapedeck.connector.core.hook;

import dev.tapedeck.protocol.config.Redacted;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Proves to a receiver that a hook is ours and whole: HMAC-SHA256 (RFC 2104), lower-case hex. */
public final class HookSignature {
  private HookSignature() {}

  /** {@code x-webhook-signature}: over the exact body. */
  public static String ofBody(Redacted secret, byte[] body) {
    return hex(secret, new byte[0], body);
  }

  /**
   * {@code x-webhook-signature-v2}: over timestamp, a dot, and the body, so that an old request cannot be sent again later.
   *
   * @param timestamp value of {@code x-webhook-timestamp}
   */
  public static String ofTimestampAndBody(Redacted secret, String timestamp, byte[] body) {
    return hex(secret, (timestamp + ".").getBytes(StandardCharsets.UTF_8), body);
  }

  private static String hex(Redacted secret, byte[] before, byte[] body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.revealBytes(), "HmacSHA256"));
      mac.update(before);
      return HexFormat.of().formatHex(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HmacSHA256", e);
    }
  }
}
