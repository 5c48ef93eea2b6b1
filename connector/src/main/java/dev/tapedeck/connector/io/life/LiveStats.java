package dev.tapedeck.connector.io.life;

import dev.tapedeck.protocol.wire.NodeStats;
import dev.tapedeck.protocol.wire.ReceivedStats;
import dev.tapedeck.protocol.wire.SentTrackStats;
import dev.tapedeck.protocol.wire.SessionStats;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How media flow now, as media servers last told; kept in memory alone. Rates are of the time between the last two
 * tellings. Safe for use by many threads.
 */
public final class LiveStats {
  private record Key(String app, long session) {}

  private final Map<Long, Map<Key, Flow>> byNode = new ConcurrentHashMap<>();
  private final AtomicLong version = new AtomicLong();

  /**
   * One session's media.
   *
   * @param atMs   Unix milliseconds at which the connector heard of it
   * @param before what was told last; the same as {@code told} the first time
   */
  public record Flow(long node, SessionStats told, long atMs, SessionStats before, long beforeMs) {
    /** Payload that the client sends of one track, in bits per second. */
    public long sentBitsPerSecond(SentTrackStats track) {
      long octetsBefore = before.getSentList().stream().filter(other -> other.getTrack().equals(track.getTrack()))
          .mapToLong(SentTrackStats::getOctets).findFirst().orElse(track.getOctets());
      return bitsPerSecond(track.getOctets() - octetsBefore);
    }

    /** Payload that the client is sent, in bits per second. */
    public long receivedBitsPerSecond() {
      ReceivedStats last = before.hasReceived() ? before.getReceived() : told.getReceived();
      return bitsPerSecond(told.getReceived().getOctets() - last.getOctets());
    }

    private long bitsPerSecond(long octets) {
      return atMs <= beforeMs ? 0 : Math.max(0, octets) * 8_000 / (atMs - beforeMs);
    }
  }

  /** Takes the place of what this node told before. */
  void heard(long node, NodeStats stats, long nowMillis) {
    Map<Key, Flow> before = byNode.getOrDefault(node, Map.of());
    Map<Key, Flow> flows = new HashMap<>();
    for (SessionStats session : stats.getSessionsList()) {
      Key key = new Key(session.getApp(), session.getSession());
      Flow last = before.get(key);
      flows.put(key, last == null
          ? new Flow(node, session, nowMillis, session, nowMillis)
          : new Flow(node, session, nowMillis, last.told(), last.atMs()));
    }
    byNode.put(node, Map.copyOf(flows));
    version.incrementAndGet();
  }

  void forget(long node) {
    byNode.remove(node);
  }

  /** Grows with each telling. */
  public long version() {
    return version.get();
  }

  public Optional<Flow> of(String app, long session) {
    Key key = new Key(app, session);
    return byNode.values().stream().map(flows -> flows.get(key)).flatMap(Stream::ofNullable).findFirst();
  }

  /** Sessions of the room that only receive. */
  public List<Flow> watchers(String app, String room) {
    return flows().filter(flow -> flow.told().getWatcher() && flow.told().getApp().equals(app)
        && flow.told().getRoom().equals(room)).toList();
  }

  /** A room by its name. */
  record RoomName(String app, String room) {}

  /** Rooms with sessions that only receive. */
  Set<RoomName> watchedRooms() {
    return flows().filter(flow -> flow.told().getWatcher())
        .map(flow -> new RoomName(flow.told().getApp(), flow.told().getRoom())).collect(Collectors.toSet());
  }

  private Stream<Flow> flows() {
    return byNode.values().stream().flatMap(flows -> flows.values().stream());
  }
}
