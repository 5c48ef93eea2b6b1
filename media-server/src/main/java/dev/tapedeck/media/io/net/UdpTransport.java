package dev.tapedeck.media.io.net;

import dev.tapedeck.media.core.packet.DatagramSink;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * The UDP sockets of one worker: one per advertised local address, all on one port, never the wildcard, so that a reply
 * leaves by the address its request came to. Used by the worker thread, except {@link #wakeUp}.
 */
public interface UdpTransport extends AutoCloseable {
  /** Takes one received datagram; the slot's reference is the receiver's. */
  interface Receiver {
    void receive(long nowNanos, int socket, long high, long low, int port, int slot, int length);
  }

  /** Addresses the sockets are bound to; the index is the socket's number. */
  List<InetSocketAddress> localAddresses();

  /** Where datagrams to be sent go. */
  DatagramSink sink();

  /** Takes what the sockets hold, at most one batch of each; returns how many datagrams. */
  int receive(long nowNanos, Receiver receiver);

  /** Sends what is in the sink. */
  void flush();

  /** Waits for a datagram, a wake-up, or the time; returns early if it likes. */
  void await(long nanos);

  /** Ends {@link #await} now; from any thread. */
  void wakeUp();

  /** {@code gso}, {@code sendmmsg} or {@code nio}: how datagrams are sent, for reports. */
  String sendMethod();

  /** Datagrams the kernel took no room for. */
  long sendDrops();

  @Override
  void close();
}
