package dev.tapedeck.protocol.chunk;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One stream of RTP packets with one SSRC, as its session described it: a whole track, or one simulcast layer of it.
 * Its number stands in the entry itself.
 *
 * @param name           what the publisher calls the track
 * @param mid            media section it came by (RFC 8843), "" if none
 * @param rid            simulcast layer (RFC 8851), "" without simulcast
 * @param ssrc           as sent by the client, 0..2^32-1
 * @param rtxSsrc        of its retransmissions (RFC 4588), 0 without
 * @param kind           audio | video
 * @param codec          encoding name of the rtpmap: opus, VP8, VP9, H264, AV1
 * @param payloadType    as sent by the client
 * @param rtxPayloadType of its retransmissions, 0 without
 * @param clockRate      RTP ticks a second
 * @param channels       0 for video
 * @param fmtp           format parameters as in the SDP, "" if none
 * @param extensions     header extension id, as decimal text, to its URI (RFC 8285)
 * @param label          for people, "" if none
 */
public record TrackEntry(
    String name,
    String mid,
    String rid,
    long ssrc,
    long rtxSsrc,
    String kind,
    String codec,
    int payloadType,
    int rtxPayloadType,
    int clockRate,
    int channels,
    String fmtp,
    Map<String, String> extensions,
    String label) {

  public TrackEntry {
    name = orEmpty(name);
    mid = orEmpty(mid);
    rid = orEmpty(rid);
    kind = orEmpty(kind);
    codec = orEmpty(codec);
    fmtp = orEmpty(fmtp);
    label = orEmpty(label);
    extensions = extensions == null ? Map.of() : sorted(extensions);
  }

  public byte[] toJson() {
    return ChunkJson.write(this);
  }

  /** Reads what {@link #toJson} wrote, or a later version of it; empty if it is not JSON of this shape. */
  public static Optional<TrackEntry> parse(byte[] json) {
    return ChunkJson.read(json, TrackEntry.class);
  }

  private static String orEmpty(String text) {
    return text == null ? "" : text;
  }

  /** In a fixed order, so that the same track always gives the same bytes. */
  private static Map<String, String> sorted(Map<String, String> extensions) {
    Map<String, String> copy = new TreeMap<>();
    extensions.forEach((id, uri) -> copy.put(id, orEmpty(uri)));
    return Collections.unmodifiableMap(copy);
  }
}
