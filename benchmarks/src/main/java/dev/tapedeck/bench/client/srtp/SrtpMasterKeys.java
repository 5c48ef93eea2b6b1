package dev.tapedeck.bench.client.srtp;

import java.util.Arrays;

/** What a DTLS handshake leaves for SRTP: the profile, and one master key and salt per direction. */
public record SrtpMasterKeys(
    SrtpProtection protection, byte[] clientKey, byte[] serverKey, byte[] clientSalt, byte[] serverSalt) {

  /** Cuts exported keying material: client key, server key, client salt, server salt (RFC 5764 §4.2). */
  public static SrtpMasterKeys cut(SrtpProtection protection, byte[] exported) {
    if (exported.length != protection.exportedBytes()) {
      throw new IllegalArgumentException(
          protection + " needs " + protection.exportedBytes() + " bytes of keying material, got " + exported.length);
    }
    int key = SrtpProtection.KEY_BYTES;
    int salt = protection.saltBytes();
    return new SrtpMasterKeys(protection,
        Arrays.copyOfRange(exported, 0, key),
        Arrays.copyOfRange(exported, key, 2 * key),
        Arrays.copyOfRange(exported, 2 * key, 2 * key + salt),
        Arrays.copyOfRange(exported, 2 * key + salt, 2 * key + 2 * salt));
  }
}
