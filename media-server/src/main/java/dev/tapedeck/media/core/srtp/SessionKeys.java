package dev.tapedeck.media.core.srtp;

/**
 * The derived keys of one direction and one of the two protocols, SRTP or SRTCP (RFC 3711 §4.3).
 *
 * @param encryptionKey     AES key, {@link SrtpProfile#keyBytes} long
 * @param authenticationKey HMAC-SHA1 key of 20 bytes; empty where the cipher authenticates by itself (GCM)
 * @param salt              session salt, {@link SrtpProfile#saltBytes} long
 */
public record SessionKeys(byte[] encryptionKey, byte[] authenticationKey, byte[] salt) {
  @Override
  public String toString() {
    return "SessionKeys[****]";
  }
}
