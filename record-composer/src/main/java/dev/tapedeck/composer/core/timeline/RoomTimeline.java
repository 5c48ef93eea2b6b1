package dev.tapedeck.composer.core.timeline;

import dev.tapedeck.composer.core.frame.LossPolicy;
import dev.tapedeck.composer.core.timeline.ClockFit.Track;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** All tracks of a recording on one time axis. Immutable. */
public final class RoomTimeline {
  private final List<TrackTimeline> tracks;
  private final long zeroWallNanos;
  private final long endWallNanos;

  private RoomTimeline(List<TrackTimeline> tracks, long zeroWallNanos, long endWallNanos) {
    this.tracks = List.copyOf(tracks);
    this.zeroWallNanos = zeroWallNanos;
    this.endWallNanos = endWallNanos;
  }

  /**
   * Fits all clocks and indexes all frames.
   *
   * @param startedWallNanos when the recording says it began, nanoseconds since 1970; the zero of the axis, unless
   *     media was captured before it
   */
  public static RoomTimeline of(List<SessionTape> sessions, OptionalLong startedWallNanos, LossPolicy lossPolicy) {
    NodeClocks nodes = new NodeClocks(sessions);
    List<TrackTimeline> tracks = new ArrayList<>();
    for (SessionTape session : sessions) {
      tracks.addAll(tracksOf(session, nodes.wallOffsetNanos(session), lossPolicy));
    }
    long zero = startedWallNanos.orElse(Long.MAX_VALUE);
    long end = Long.MIN_VALUE;
    for (TrackTimeline track : tracks) {
      if (!track.isEmpty()) {
        zero = Math.min(zero, track.startWallNanos());
        end = Math.max(end, track.endWallNanos());
      }
    }
    return new RoomTimeline(tracks, zero == Long.MAX_VALUE ? 0 : zero, Math.max(end, zero));
  }

  /** Every track of every session, also those without a decodable frame. */
  public List<TrackTimeline> tracks() {
    return tracks;
  }

  /** Presentation time 0 of the recording, nanoseconds since 1970. */
  public long zeroWallNanos() {
    return zeroWallNanos;
  }

  /** From the zero to the end of the last frame, nanoseconds; 0 if there is none. */
  public long durationNanos() {
    return tracks.stream().allMatch(TrackTimeline::isEmpty) ? 0 : endWallNanos - zeroWallNanos;
  }

  private static List<TrackTimeline> tracksOf(SessionTape session, long wallOffsetNanos, LossPolicy lossPolicy) {
    List<TrackClock> clocks = ClockFit.fit(session.layers().stream()
        .map(layer -> new Track(layer.packets(), layer.reports()))
        .toList());
    List<List<Layer>> groups = new ArrayList<>();
    for (int i = 0; i < clocks.size(); i++) {
      Layer layer = new Layer(session.layers().get(i), clocks.get(i), wallOffsetNanos);
      groupOf(groups, layer).add(layer);
    }
    return groups.stream().map(group -> TrackTimeline.of(session.peer(), session.session(), group,
        lossPolicy)).toList();
  }

  private static List<Layer> groupOf(List<List<Layer>> groups, Layer layer) {
    for (List<Layer> group : groups) {
      if (group.getFirst().tape().description().isLayerOf(layer.tape().description())) {
        return group;
      }
    }
    List<Layer> group = new ArrayList<>();
    groups.add(group);
    return group;
  }
}
