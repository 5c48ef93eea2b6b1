package dev.tapedeck.media.core.srtp;

/** Makes ciphers of one back end. Called on any thread. */
public interface SrtpCipherFactory {
  /** Name in logs, metrics and benchmark reports: {@code ipsec-mb}, {@code libcrypto} or {@code portable}. */
  String name();

  /**
   * @param masterKey  key from the DTLS exporter, {@code profile.keyBytes} long
   * @param masterSalt {@code profile.saltBytes} long
   */
  SrtpCipher create(SrtpProfile profile, byte[] masterKey, byte[] masterSalt);
}
