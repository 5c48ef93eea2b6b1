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
 * @param reason  PEER_LEFT: left | timed_out | stopped | replaced | node_shutdown; TRACK_MUTED: {@link #BY_ORDER}
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
  /** {@code reason} of the two above when an administrator did it; else the client. */
  public static final String BY_ORDER = "order";
  /** Nothing is taped from here on. */
  public static final String RECORDING_PAUSED = "recording_paused";
  public static final String RECORDING_RESUMED = "recording_resumed";

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

  /** @param type {@link #RECORDING_PAUSED} or {@link #RECORDING_RESUMED} */
  public static RoomEventEntry recording(String type, long atMs) {
    return new RoomEventEntry(type, atMs, "", 0, false, "", "", "", "");
  }

  /** The same, because of an order. */
  public RoomEventEntry byOrder() {
    return new RoomEventEntry(type, atMs, peer, session, taped, BY_ORDER, track, kind, codec);
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
