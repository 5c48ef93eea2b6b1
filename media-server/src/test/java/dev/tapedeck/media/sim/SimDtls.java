package dev.tapedeck.media.sim;

import dev.tapedeck.media.core.dtls.DtlsOutput;
import dev.tapedeck.media.core.dtls.DtlsTransport;
import dev.tapedeck.media.core.dtls.Fingerprint;
import dev.tapedeck.media.core.dtls.SrtpKeys;
import dev.tapedeck.media.core.srtp.SrtpProfile;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Optional;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/**
 * The server's side of a handshake whose four flights are single datagrams, and whose keys come from the seed. Like the
 * real one it answers some time later, by its wake-up. The client repeats its flights, which makes the server repeat
 * its own.
 *
 * <pre>
 * client                        server
 * HELLO + fingerprint  ----->
 *                      <-----   HELLO_DONE
 * FINISHED + profile   ----->   (keys)
 *                      <-----   FINISHED   (keys)
 * APPLICATION_DATA     <---->   APPLICATION_DATA
 *                      <---->   CLOSE
 * </pre>
 */
final class SimDtls implements DtlsTransport {
  /** Content type of a DTLS handshake record, and of an alert (RFC 6347 §4.1). */
  static final byte HANDSHAKE = 22;
  static final byte ALERT = 21;
  static final byte APPLICATION_DATA = 23;
  static final byte HELLO = 1;
  static final byte HELLO_DONE = 2;
  static final byte FINISHED = 3;

  private static final long THINKING_NANOS = 2 * SimNetwork.MILLIS;

  /**
   * Makes the server's ends.
   *
   * @param hangs whether one that is closed does nothing any more, like a thread that has died
   */
  record Factory(SimNetwork network, BooleanSupplier hangs) implements DtlsTransport.Factory {
    @Override
    public Fingerprint localFingerprint() {
      return new Fingerprint("sha-256", "00");
    }

    @Override
    public DtlsTransport accept(Fingerprint expected, Runnable wake) {
      return new SimDtls(network, expected, wake, hangs);
    }
  }

  private final SimNetwork network;
  private final Fingerprint expected;
  private final Runnable wake;
  private final BooleanSupplier hangs;
  private final Queue<DtlsOutput> outputs = new ArrayDeque<>();
  private boolean isConnected;
  private boolean isClosed;

  private SimDtls(SimNetwork network, Fingerprint expected, Runnable wake, BooleanSupplier hangs) {
    this.network = network;
    this.expected = expected;
    this.wake = wake;
    this.hangs = hangs;
  }

  @Override
  public void receive(byte[] datagram) {
    network.after(THINKING_NANOS, () -> {
      if (!isClosed) {
        process(datagram);
        wake.run();
      }
    });
  }

  private void process(byte[] datagram) {
    if (Arrays.equals(datagram, closeNotify(expected))) {
      end("close_notify");
    } else if (datagram[0] == HANDSHAKE && datagram.length > 2 && datagram[1] == HELLO && !isConnected) {
      if (!new String(datagram, 2, datagram.length - 2).equals(expected.value())) {
        end("another certificate than announced");
        return;
      }
      outputs.add(new DtlsOutput.Send(new byte[] {HANDSHAKE, HELLO_DONE}));
    } else if (datagram[0] == APPLICATION_DATA && isConnected) {
      outputs.add(new DtlsOutput.Data(Arrays.copyOfRange(datagram, 1, datagram.length)));
    } else if (datagram[0] == HANDSHAKE && datagram.length == 3 && datagram[1] == FINISHED) {
      outputs.add(new DtlsOutput.Send(new byte[] {HANDSHAKE, FINISHED}));
      if (!isConnected) {
        isConnected = true;
        outputs.add(new DtlsOutput.Connected(keys(network.seed, expected, SrtpProfile.values()[datagram[2]])));
      }
    }
  }

  /** What only this client can say, as if it were encrypted. */
  static byte[] closeNotify(Fingerprint fingerprint) {
    return ((char) ALERT + fingerprint.value()).getBytes(StandardCharsets.US_ASCII);
  }

  /** The keys of the client with this fingerprint, as the server sees them. */
  static SrtpKeys keys(long seed, Fingerprint fingerprint, SrtpProfile profile) {
    SplittableRandom random = new SplittableRandom(seed ^ fingerprint.value().hashCode());
    byte[][] parts = {
      new byte[profile.keyBytes], new byte[profile.saltBytes], new byte[profile.keyBytes], new byte[profile.saltBytes]
    };
    for (byte[] part : parts) {
      random.nextBytes(part);
    }
    return new SrtpKeys(profile, parts[0], parts[1], parts[2], parts[3]);
  }

  @Override
  public Optional<DtlsOutput> poll() {
    return Optional.ofNullable(outputs.poll());
  }

  @Override
  public void send(byte[] data) {
    if (isConnected && !isClosed) { // what is said before the close goes out before it
      outputs.add(new DtlsOutput.Send(record(data)));
      network.after(0, wake);
    }
  }

  /** Application data as a record, as if it were encrypted. */
  static byte[] record(byte[] data) {
    byte[] record = new byte[1 + data.length];
    record[0] = APPLICATION_DATA;
    System.arraycopy(data, 0, record, 1, data.length);
    return record;
  }

  @Override
  public void close() {
    if (hangs.getAsBoolean()) {
      return;
    }
    if (isConnected && !isClosed) {
      outputs.add(new DtlsOutput.Send(new byte[] {ALERT, 0}));
    }
    end("closed here");
  }

  private void end(String reason) {
    if (!isClosed) {
      isClosed = true;
      outputs.add(new DtlsOutput.Closed(reason));
    }
  }
}
