package dev.tapedeck.media.core.dtls;

import java.util.Optional;

/**
 * The DTLS association of one session as the worker sees it: datagrams in, outputs polled. Every method is called by
 * the worker thread and returns at once; work that may block happens elsewhere and announces itself through the wake-up
 * call given at creation.
 */
public interface DtlsTransport {
  /** Longest application data one record carries on a path of 1200 bytes, after the overhead of any cipher suite. */
  int MAX_DATA_BYTES = 1150;

  /** Hands in one received DTLS datagram; kept until processed, dropped when the bounded queue is full. */
  void receive(byte[] datagram);

  /** Next output in order, or empty when there is none now. */
  Optional<DtlsOutput> poll();

  /**
   * Encrypts application data (SCTP) once connected; ignored before and after, dropped when the bounded queue is full.
   *
   * @param data 1 to {@link #MAX_DATA_BYTES}; not to be changed afterwards
   * @throws IllegalArgumentException if it is longer
   */
  void send(byte[] data);

  /**
   * Sends what is queued and close_notify if connected, and frees everything. Outputs may still be polled; the last one of an association
   * is always {@link DtlsOutput.Closed}, once.
   */
  void close();

  /** Creates associations; the worker's wiring gives one in. */
  interface Factory {
    /** Fingerprint of the certificate this server presents. */
    Fingerprint localFingerprint();

    /**
     * Readies an association as DTLS server (SDP {@code setup:passive}). The handshake and its time-out begin with the
     * first datagram; a peer that never sends one costs nothing and is the session's to give up on.
     *
     * @param expected fingerprint from the peer's SDP; another certificate fails the handshake
     * @param wake     called from any thread when {@link #poll} has something new
     */
    DtlsTransport accept(Fingerprint expected, Runnable wake);
  }
}
