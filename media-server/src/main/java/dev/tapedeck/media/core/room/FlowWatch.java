package dev.tapedeck.media.core.room;

import dev.tapedeck.protocol.wire.Sender;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * Tells a member how its media flow: whether what it sends arrives, who of those it hears speaks, and how well what it
 * receives comes through. Looks when asked, several times a second. Owned by the worker thread.
 */
final class FlowWatch {
  private final Lines lines;
  private final MemberEvents events;
  private final Map<ReceiveLine, ReceiverMeter> meters = new IdentityHashMap<>();
  private final Map<SendLine, Sender.Status> senders = new IdentityHashMap<>();

  FlowWatch(Lines lines, MemberEvents events) {
    this.lines = lines;
    this.events = events;
  }

  void look(long nowNanos) {
    for (SendLine line : lines.senders()) {
      if (line.track != null && line.track.isStarted()) {
        Sender.Status status = line.track.isMuted() || line.track.isSilenced() ? Sender.Status.INACTIVE : Sender.Status.ACTIVE;
        if (senders.put(line, status) != status) {
          events.senderState(nowNanos, line.name, status);
        }
      }
    }
    for (ReceiveLine line : lines.receivers()) {
      if (line.downTrack != null) {
        meters.computeIfAbsent(line, ReceiverMeter::new).look(nowNanos, events);
      }
    }
  }

  /** The stay is over; in the next one all that is sent counts as new. */
  void forgetSenders() {
    senders.clear();
  }
}
