package dev.tapedeck.bench.client.srtp;

import java.util.Optional;

/** Protection profiles a client offers in {@code use_srtp} (RFC 5764 §4.1.2, RFC 7714 §14.2). */
public enum SrtpProtection {
  AEAD_AES_128_GCM(0x0007, 12),
  AES128_CM_HMAC_SHA1_80(0x0001, 14);

  public static final int KEY_BYTES = 16;

  private final int code;
  private final int saltBytes;

  SrtpProtection(int code, int saltBytes) {
    this.code = code;
    this.saltBytes = saltBytes;
  }

  public int code() {
    return code;
  }

  public int saltBytes() {
    return saltBytes;
  }

  /** Both sides' keys and salts, as the exporter gives them (RFC 5764 §4.2). */
  public int exportedBytes() {
    return 2 * (KEY_BYTES + saltBytes);
  }

  public static Optional<SrtpProtection> byCode(int code) {
    for (SrtpProtection protection : values()) {
      if (protection.code == code) {
        return Optional.of(protection);
      }
    }
    return Optional.empty();
  }
}
