package dev.tapedeck.bench.latency;

import dev.tapedeck.bench.client.media.SendStamp;
import dev.tapedeck.bench.client.net.ClientLoop;
import dev.tapedeck.bench.client.net.Impairment;
import dev.tapedeck.bench.client.net.UdpPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * The same bursts of datagrams as a publisher sends, from the same sending loop to the same receiving loop, but through a
 * {@link UdpRelay} in place of the server: what is left when this is taken off is the server's.
 */
public final class RelayPath implements AutoCloseable {
  private final ClientLoop sendingLoop;
  private final Burst burst;
  private final byte[] datagram;
  private final SendStamp sent = new SendStamp();
  private final SendStamp received = new SendStamp();
  private final DelayMeter delays = new DelayMeter();
  private final UdpPort receiver;
  private final UdpRelay relay;
  private final UdpPort sender;
  private long startNanos;
  private long burstNumber;
  private volatile boolean closed;

  /**
   * @param packets        of one burst
   * @param datagramBytes  each, {@link SendStamp#MIN_PAYLOAD_BYTES} to 1472
   * @param intervalNanos  from burst to burst
   */
  public record Burst(int packets, int datagramBytes, long intervalNanos) {
    public static Burst of(int packets, int datagramBytes, int packetsPerSecond) {
      return new Burst(packets, datagramBytes, TimeUnit.SECONDS.toNanos(packets) / packetsPerSecond);
    }
  }

  public RelayPath(ClientLoop sendingLoop, ClientLoop receivingLoop, Burst burst) throws IOException {
    this.sendingLoop = sendingLoop;
    this.burst = burst;
    this.datagram = new byte[burst.datagramBytes];
    InetAddress here = InetAddress.getLoopbackAddress();
    receiver = receivingLoop.open(here, this::onDatagram, Impairment.NONE, Impairment.NONE);
    relay = new UdpRelay(receiver.localAddress());
    sender = sendingLoop.open(here, (port, remote, data, length, nowNanos) -> {}, Impairment.NONE, Impairment.NONE);
  }

  /** Sends until {@link #close}, the first burst at a moment of the loop's clock; half an interval beside the publisher's
   *  both do not meet. */
  public void start(long firstNanos) {
    startNanos = firstNanos;
    sendingLoop.schedule(firstNanos, this::sendBurst);
  }

  private void sendBurst() {
    if (closed) {
      return;
    }
    long plannedNanos = startNanos + burstNumber * burst.intervalNanos;
    InetSocketAddress to = relay.address();
    for (int i = 0; i < burst.packets; i++) {
      sent.write(datagram, datagram.length, plannedNanos, burstNumber * burst.packets + i);
      sender.send(datagram, 0, datagram.length, to);
    }
    burstNumber++;
    sendingLoop.schedule(plannedNanos + burst.intervalNanos, this::sendBurst);
  }

  private void onDatagram(UdpPort port, InetSocketAddress remote, byte[] data, int length, long nowNanos) {
    if (received.read(data, 0, length)) {
      delays.add(nowNanos - received.plannedNanos());
    }
  }

  /** Delays since the last call. */
  public Delays takeDelays() {
    return delays.take();
  }

  @Override
  public void close() throws IOException {
    closed = true;
    sender.close();
    relay.close();
    receiver.close();
  }
}
