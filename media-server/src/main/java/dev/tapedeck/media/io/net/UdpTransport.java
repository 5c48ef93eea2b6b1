package dev.tapedeck.media.io.net;

import dev.tapedeck.media.core.packet.DatagramSink;
import dev.tapedeck.media.core.packet.PacketArena;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * The UDP sockets of one worker: one per advertised local address, all on one port, never the wildcard, so that a reply
 * leaves by the address its request came to. Used by the worker thread, except {@link #wakeUp}.
 *
 * <p>Sockets have numbers: from 0, or, in a group, counted through all its transports, so that each of them can send by
 * the sockets of all. It receives by its own alone.
 */
public interface UdpTransport extends AutoCloseable {
  /**
   * Opens the sockets, by the fastest way this system has.
   *
   * @param outputBytes datagrams written before they are sent
   * @param addresses   local addresses, at least one
   * @param port        0 for any that is free on all addresses
   * @param forceNio    use Java's channels even where the faster way exists
   */
  static UdpTransport open(PacketArena arena, int outputBytes, List<InetAddress> addresses, int port, boolean forceNio)
      throws IOException {
    return forceNio || !Libc.isAvailable()
        ? new NioUdpTransport(arena, outputBytes, addresses, port)
        : new LinuxUdpTransport(arena, outputBytes, addresses, port);
  }

  /**
   * Takes one received datagram; the slot's reference is the receiver's. With the arena full the slot is {@link
   * PacketArena#NONE} and the datagram's bytes are gone: left to the kernel they would be lost as well, uncounted.
   */
  interface Receiver {
    /**
     * @param nowNanos     the time of this turn of the loop
     * @param arrivalNanos when the datagram reached this machine, as well as the system tells; mostly a little before
     *                     {@code nowNanos}, or a little after if it came during the turn
     */
    void receive(
        long nowNanos, long arrivalNanos, int socket, long high, long low, int port, int slot, int length);
  }

  /**
   * Makes this one of a group; before its thread starts, and before anything is received or sent.
   *
   * @param all of one kind and with equally many sockets, this one among them; to be closed together, when no thread
   *            sends any more
   */
  void join(List<UdpTransport> all);

  /** Addresses its own sockets are bound to, in the order of their numbers. */
  List<InetSocketAddress> localAddresses();

  /** Where datagrams to be sent go. */
  DatagramSink sink();

  /**
   * Sets what completes the datagrams that were handed over; called on the worker's thread before any of them leaves.
   * Before that thread starts.
   */
  void beforeSend(Runnable action);

  /** Datagrams {@link #receive} takes of one socket at most. */
  int RECEIVE_BATCH = 64;

  /**
   * Takes what the sockets hold, at most one batch of each.
   *
   * @return how many datagrams; {@link #RECEIVE_BATCH} or more if a socket may hold more
   */
  int receive(long nowNanos, Receiver receiver);

  /** Sends what is in the sink. */
  void flush();

  /**
   * Waits for a datagram, a wake-up, or the time; returns early if it likes.
   *
   * @return whether it was ended by a datagram and nothing else
   */
  boolean await(long nanos);

  /** Waits for a wake-up or the time, whatever the sockets hold; only if {@link #canRest}. */
  void rest(long nanos);

  /** Whether this transport can look away from its sockets. */
  boolean canRest();

  /** Ends {@link #await} and {@link #rest} now; from any thread. */
  void wakeUp();

  /** {@code gso}, {@code sendmmsg} or {@code nio}: how datagrams are sent, for reports. */
  String sendMethod();

  /** What it has done; written by the worker thread. */
  TransportCounters counters();

  @Override
  void close();
}
