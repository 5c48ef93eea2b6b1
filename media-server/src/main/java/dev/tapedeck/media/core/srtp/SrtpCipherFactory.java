package dev.tapedeck.media.core.srtp;

/**
 * Makes ciphers of one back end. Called on any thread, but for what {@link #forWorker} gives.
 *
 * <p>Some back ends are faster at many packets than at one. Within a worker they may leave the tags of RTP packets for
 * later, and {@link #completePackets} makes them before anybody reads the packets.
 */
public interface SrtpCipherFactory {
  /** Name in logs, metrics and benchmark reports: {@code ipsec-mb}, {@code libcrypto} or {@code portable}. */
  String name();

  /**
   * @param masterKey  key from the DTLS exporter, {@code profile.keyBytes} long
   * @param masterSalt {@code profile.saltBytes} long
   */
  SrtpCipher create(SrtpProfile profile, byte[] masterKey, byte[] masterSalt);

  /** The same back end for one worker; called on its thread only. What it creates completes each packet at once. */
  default SrtpCipherFactory forWorker() {
    return this;
  }

  /**
   * From now on RTP packets written by this cipher, which is of this back end and in no other worker's hands, are
   * complete after {@link #completePackets} and must not be moved or read before.
   */
  default void takeOver(SrtpCipher cipher) {}

  /** Completes the cipher's packets; those it writes from now on are complete at once. */
  default void letGo(SrtpCipher cipher) {}

  /** Completes all packets written until now by ciphers of this worker. */
  default void completePackets() {}
}
