package dev.tapedeck.bench.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tapedeck.bench.client.rtp.SentPacket;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Holds what one participant sent against the bucket and against what the manifest says is missing. Each packet that is
 * not in a file must have a name there: a gap of its session at its time, a place among those its track's reception counts
 * as lost, or one behind the last packet of a session whose tail is said to be unknown. What is missing before the first and
 * after the last packet of a track no receiver can count; else it must be a packet that the network is known to have lost.
 */
final class SessionTruth {
  /** What manifests round, and what a packet takes from a sender's log to the tape. */
  private static final long TOLERANCE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final JsonNode manifest;
  private final JsonNode session;
  private final boolean hasTrueTimes;
  private final Map<String, Long> gapPackets = new TreeMap<>();
  private long oldLost;
  private long inGaps;
  private long lostByNetwork;
  private final List<SentPacket> silent = new ArrayList<>();

  /**
   * @param session      of the manifest
   * @param hasTrueTimes false if the media server's clock was wrong: then times of gaps mean nothing to us
   */
  SessionTruth(JsonNode manifest, JsonNode session, boolean hasTrueTimes) {
    this.manifest = manifest;
    this.session = session;
    this.hasTrueTimes = hasTrueTimes;
  }

  /**
   * Accounts for everything that is missing.
   *
   * @param sent            in the order of sending
   * @param missing         of these, what is in no file, or with another payload
   * @param safeBeforeNanos Unix nanoseconds before which nothing may be missing but by the network
   * @param wasDropped      whether the network is known to have lost a packet
   */
  void account(List<SentPacket> sent, List<SentPacket> missing, long safeBeforeNanos,
      Predicate<SentPacket> wasDropped) {
    Map<Integer, List<SentPacket>> bySsrc = missing.stream().collect(Collectors.groupingBy(SentPacket::ssrc));
    bySsrc.forEach((ssrc, packets) -> {
      List<SentPacket> all = sent.stream().filter(packet -> packet.ssrc() == ssrc).toList();
      accountTrack(track(ssrc), packets, Extent.of(all, Set.copyOf(packets)), safeBeforeNanos, wasDropped);
    });
  }

  long oldLost() {
    return oldLost;
  }

  long inGaps() {
    return inGaps;
  }

  long lostByNetwork() {
    return lostByNetwork;
  }

  /** Missing, and nothing in the manifest says so. */
  List<SentPacket> silent() {
    return silent;
  }

  /**
   * Of one track.
   *
   * @param inside from the first to the last packet that is there: what a receiver can count
   * @param behind what was sent after the last one
   */
  private record Extent(Set<SentPacket> inside, Set<SentPacket> behind) {
    static Extent of(List<SentPacket> all, Set<SentPacket> missing) {
      int first = 0;
      int last = all.size() - 1;
      while (first <= last && missing.contains(all.get(first))) {
        first++;
      }
      while (last >= first && missing.contains(all.get(last))) {
        last--;
      }
      return new Extent(new HashSet<>(all.subList(first, last + 1)),
          new HashSet<>(all.subList(last + 1, all.size())));
    }
  }

  private void accountTrack(JsonNode track, List<SentPacket> missing, Extent extent, long safeBeforeNanos,
      Predicate<SentPacket> wasDropped) {
    long countedAsLost = track.at("/reception/lost").asLong();
    for (SentPacket packet : missing) {
      boolean isInside = extent.inside().contains(packet);
      if (isInGap(packet, track.path("number").asInt())) {
        inGaps++;
        oldLost += packet.sentWallNanos() < safeBeforeNanos && !wasDropped.test(packet) ? 1 : 0;
      } else if (isInside && countedAsLost > 0) {
        countedAsLost--;
        lostByNetwork++;
      } else if (!isInside && wasDropped.test(packet) || hasUnknownTail() && extent.behind().contains(packet)) {
        lostByNetwork++;
      } else {
        silent.add(packet);
        oldLost += packet.sentWallNanos() < safeBeforeNanos ? 1 : 0;
      }
    }
  }

  private JsonNode track(int ssrc) {
    for (JsonNode track : session.get("tracks")) {
      if (track.get("ssrc").longValue() == Integer.toUnsignedLong(ssrc)) {
        return track;
      }
    }
    return session.path("no such track");
  }

  /** A gap that tells how many packets it holds covers no more than those. */
  private boolean isInGap(SentPacket packet, int track) {
    for (JsonNode gap : manifest.get("gaps")) {
      int gapTrack = gap.get("track").intValue();
      boolean fits = gap.get("session").equals(session.get("session")) && gap.get("peer").equals(session.get("peer"))
          && (gapTrack == 0 || gapTrack == track) && isWithin(packet, gap);
      if (fits && take(gap)) {
        return true;
      }
    }
    return false;
  }

  private boolean take(JsonNode gap) {
    long packets = gap.get("packets").longValue();
    return packets == 0 || gapPackets.merge(gap.toString(), 1L, Long::sum) <= packets;
  }

  private boolean isWithin(SentPacket packet, JsonNode gap) {
    return !hasTrueTimes || packet.sentWallNanos() >= nanos(gap.get("from")) - TOLERANCE_NANOS
        && packet.sentWallNanos() <= nanos(gap.get("to")) + TOLERANCE_NANOS;
  }

  /**
   * By order, not by time: a server that stood still found in its buffers, late, what came first, and what came after it was
   * lost there.
   */
  private boolean hasUnknownTail() {
    return session.path("tailUnknownSince").isTextual();
  }

  private static long nanos(JsonNode iso) {
    return TimeUnit.MILLISECONDS.toNanos(Instant.parse(iso.textValue()).toEpochMilli());
  }
}
