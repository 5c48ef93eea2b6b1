package dev.tapedeck.media.core.session;

import dev.tapedeck.media.core.dtls.DtlsTransport;
import dev.tapedeck.media.core.sctp.ChannelParameters;
import dev.tapedeck.media.core.sctp.SctpAssociation;
import dev.tapedeck.media.core.sctp.SctpConfig;
import dev.tapedeck.media.core.sctp.SctpCounters;
import dev.tapedeck.media.core.sctp.SctpEvent;
import dev.tapedeck.media.core.sctp.SctpOutput;
import dev.tapedeck.media.core.sctp.SendResult;
import dev.tapedeck.media.core.timer.TimerHeap;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.function.LongConsumer;

/**
 * The data channels of one session: its SCTP association with the session's DTLS below it and its {@link SessionHandler}
 * above. Owned by the worker thread. The handler may call every method while it is told an event; what follows from that
 * is told after the event, in order.
 */
public final class SessionData {
  private final SctpAssociation association;
  private final TimerHeap timers;
  private final TimerHeap.Timer timer = new TimerHeap.Timer(this::handleTimeout);
  private final Queue<SctpEvent> events = new ArrayDeque<>();
  private final SctpOutput out;
  private SessionHandler handler;
  private LongConsumer parted;
  private boolean isTelling;
  private boolean isStopped;

  SessionData(SctpConfig config, SessionEnvironment environment, DtlsTransport dtls) {
    association = new SctpAssociation(config, environment.random(), environment.counters().sctp);
    timers = environment.timers();
    out = new SctpOutput() {
      @Override
      public void send(byte[] packet) {
        dtls.send(packet);
      }

      @Override
      public void event(SctpEvent event) {
        events.add(event);
      }
    };
  }

  void attach(SessionHandler handler) {
    this.handler = handler;
  }

  /** DTLS is complete: sends INIT, whether or not the client does so too. */
  void connect(long nowNanos) {
    association.connect(nowNanos, out);
    settle(nowNanos);
  }

  /** One SCTP packet, decrypted. */
  void receive(long nowNanos, byte[] packet) {
    if (!isStopped) {
      association.handlePacket(nowNanos, MemorySegment.ofArray(packet), 0, packet.length, out);
      settle(nowNanos);
    }
  }

  /**
   * Ends the association as soon as the client has all that was sent; the handler hears nothing more.
   *
   * @param parted told the time at which that is done
   * @return false if there is nothing to wait for
   */
  boolean part(long nowNanos, LongConsumer parted) {
    if (isStopped || !association.isUp()) {
      return false;
    }
    this.parted = parted;
    shutdown(nowNanos);
    return true;
  }

  /** The session is over. */
  void stop() {
    isStopped = true;
    timers.cancel(timer);
    events.clear();
  }

  private void handleTimeout(long nowNanos) {
    association.handleTimeout(nowNanos, out);
    settle(nowNanos);
  }

  /** See {@link SctpAssociation#open}. */
  public OptionalInt open(long nowNanos, ChannelParameters parameters) {
    OptionalInt id = association.open(nowNanos, parameters, out);
    settle(nowNanos);
    return id;
  }

  /** See {@link SctpAssociation#openNegotiated}. */
  public boolean openNegotiated(long nowNanos, int channelId, ChannelParameters parameters) {
    boolean isAdded = association.openNegotiated(nowNanos, channelId, parameters, out);
    settle(nowNanos);
    return isAdded;
  }

  /** See {@link SctpAssociation#send}. */
  public SendResult send(long nowNanos, int channelId, boolean isBinary, byte[] data) {
    SendResult result = association.send(nowNanos, channelId, isBinary, data, out);
    settle(nowNanos);
    return result;
  }

  /** See {@link SctpAssociation#close}. */
  public void close(long nowNanos, int channelId) {
    association.close(nowNanos, channelId, out);
    settle(nowNanos);
  }

  /** See {@link SctpAssociation#shutdown}. */
  public void shutdown(long nowNanos) {
    association.shutdown(nowNanos, out);
    settle(nowNanos);
  }

  /** See {@link SctpAssociation#bufferedBytes}. */
  public long bufferedBytes(int channelId) {
    return association.bufferedBytes(channelId);
  }

  public SctpCounters counters() {
    return association.counters();
  }

  private void settle(long nowNanos) {
    if (isStopped) {
      return;
    }
    timers.schedule(timer, association.nextTimeoutNanos());
    if (isTelling) {
      return;
    }
    isTelling = true;
    try {
      SctpEvent event;
      while ((event = events.poll()) != null) {
        if (parted == null) {
          handler.data(nowNanos, event);
        }
      }
    } finally {
      isTelling = false;
    }
    if (parted != null && association.isClosed()) {
      parted.accept(nowNanos);
    }
  }
}
