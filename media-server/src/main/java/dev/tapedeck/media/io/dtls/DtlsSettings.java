package dev.tapedeck.media.io.dtls;

import java.time.Duration;

/**
 * How handshakes are run.
 *
 * @param handshakeTimeout     from the first datagram of the peer to the end of the handshake; then the association is
 *     closed. Default 20 s, 100 ms..5 min
 * @param resend               until a flight is first sent again; doubled each time. Default 300 ms, 10 ms..10 s
 * @param concurrentHandshakes handshakes that may compute at one time; those that wait for their peer do not count.
 *     Default the number of cores, at least 1
 */
public record DtlsSettings(Duration handshakeTimeout, Duration resend, int concurrentHandshakes) {
  public DtlsSettings {
    check("handshake time-out", handshakeTimeout, Duration.ofMillis(100), Duration.ofMinutes(5));
    check("resend time", resend, Duration.ofMillis(10), Duration.ofSeconds(10));
    if (concurrentHandshakes < 1) {
      throw new IllegalArgumentException("concurrent handshakes must be at least 1, not " + concurrentHandshakes);
    }
  }

  public static DtlsSettings defaults() {
    return new DtlsSettings(
        Duration.ofSeconds(20), Duration.ofMillis(300), Runtime.getRuntime().availableProcessors());
  }

  private static void check(String what, Duration value, Duration least, Duration most) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw new IllegalArgumentException(what + " must be " + least + " to " + most + ", not " + value);
    }
  }
}
