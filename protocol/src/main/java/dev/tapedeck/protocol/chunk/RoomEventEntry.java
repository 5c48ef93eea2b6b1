package dev.tapedeck.protocol.chunk;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Optional;

/**
 * Something that happened in the room while a session of it was taped: the payload of a {@code room-event}. Fields that
 * its type does not have are empty or 0 and not written.
 *
 * @param type    {@link #PEER_JOINED} and so on
 * @param atMs    Unix milliseconds; an event that waited for the tape's first packet is older than its entry
 * @param peer    whom it concerns
 * @param session its connection
 * @param taped   PEER_JOINED: whether what this session sends is on tape
 * @param reason  PEER_LEFT: left | timed_out | stopped | replaced | node_shutdown
 * @param track   name of the track, for events of tracks
 * @param kind    audio | video
 * @param codec   as SDP names it
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record RoomEventEntry(
    String type,
    long atMs,
    String peer,
    long session,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean taped,
    String reason,
    String track,
    String kind,
    String codec) {
  public static final String PEER_JOINED = "peer_joined";
  public static final String PEER_LEFT = "peer_left";
  /** The track's first packet came. */
  public static final String TRACK_STARTED = "track_started";
  public static final String TRACK_ENDED = "track_ended";
  /** The track sends nothing any more, though its session is alive. */
  public static final String TRACK_MUTED = "track_muted";
  public static final String TRACK_UNMUTED = "track_unmuted";

  public RoomEventEntry {
    type = text(type);
    peer = text(peer);
    reason = text(reason);
    track = text(track);
    kind = text(kind);
    codec = text(codec);
  }

  public static RoomEventEntry joined(long atMs, String peer, long session, boolean taped) {
    return new RoomEventEntry(PEER_JOINED, atMs, peer, session, taped, "", "", "", "");
  }

  public static RoomEventEntry left(long atMs, String peer, long session, String reason) {
    return new RoomEventEntry(PEER_LEFT, atMs, peer, session, false, reason, "", "", "");
  }

  /** @param type one of the track events above */
  public static RoomEventEntry track(
      String type, long atMs, String peer, long session, String track, boolean isVideo, String codec) {
    return new RoomEventEntry(type, atMs, peer, session, false, "", track, isVideo ? "video" : "audio", codec);
  }

  public byte[] toJson() {
    return ChunkJson.write(this);
  }

  public static Optional<RoomEventEntry> parse(byte[] json) {
    return ChunkJson.read(json, RoomEventEntry.class);
  }

  private static String text(String value) {
    return value == null ? "" : value;
  }
}
