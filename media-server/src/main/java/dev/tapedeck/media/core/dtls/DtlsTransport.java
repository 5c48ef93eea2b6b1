package dev.tapedeck.media.core.dtls;

import java.util.Optional;

/**
 * The DTLS association of one session as the worker sees it: datagrams in, outputs polled. Every method is called by
 * the worker thread and returns at once; work that may block happens elsewhere and announces itself through the wake-up
 * call given at creation.
 */
public interface DtlsTransport {
  /** Hands in one received DTLS datagram; kept until processed, dropped when the bounded queue is full. */
  void receive(byte[] datagram);

  /** Next output in order, or empty when there is none now. */
  Optional<DtlsOutput> poll();

  /** Encrypts application data (SCTP) once connected; ignored before. */
  void send(byte[] data);

  /** Sends close_notify if connected and frees everything. Outputs may still be polled. */
  void close();

  /** Creates associations; the worker's wiring gives one in. */
  interface Factory {
    /** Fingerprint of the certificate this server presents. */
    Fingerprint localFingerprint();

    /**
     * Starts an association as DTLS server (SDP {@code setup:passive}).
     *
     * @param expected fingerprint from the peer's SDP; another certificate fails the handshake
     * @param wake     called from any thread when {@link #poll} has something new
     */
    DtlsTransport accept(Fingerprint expected, Runnable wake);
  }
}
