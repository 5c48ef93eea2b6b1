package dev.tapedeck.composer.core.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a conversion made: {@code summary.json}. {@code metadata_json} and {@code peers} have the documented shape, all
 * else is ours.
 *
 * @param peers      peer to session to track name; one timeline entry per file
 * @param verdict    complete | partial
 * @param partial    why it is partial, one line each; empty when complete
 * @param recording  number of the recording, absent when no chunk told it
 * @param startedAt  Unix milliseconds of presentation time 0
 * @param durationMs from there to the end of the last frame
 * @param files      everything that was stored, the summary itself not counted
 * @param tracks     one line per SSRC on the tape
 */
@JsonPropertyOrder({"metadata_json", "peers"})
@JsonInclude(Include.NON_ABSENT)
public record Summary(
    @JsonProperty("metadata_json") String metadataJson,
    Map<String, Peer> peers,
    String verdict,
    List<String> partial,
    Optional<Long> recording,
    @JsonProperty("started_at") long startedAt,
    @JsonProperty("duration_ms") long durationMs,
    List<OutputFile> files,
    List<TrackLine> tracks) {

  public Summary {
    partial = List.copyOf(partial);
    files = List.copyOf(files);
    tracks = List.copyOf(tracks);
  }

  public record Peer(Map<String, Session> sessions) {}

  public record Session(Map<String, Track> track) {}

  /** @param kind Audio | Video */
  public record Track(String kind, List<Entry> timeline) {}

  /**
   * One file of a track.
   *
   * @param path  relative to the output
   * @param start Unix milliseconds of the first frame
   * @param end   Unix milliseconds of the end of the last
   */
  public record Entry(String path, long start, long end) {}

  /**
   * One stored file.
   *
   * @param path       relative to the output of its part
   * @param uri        where it is, without credentials
   * @param kind       track | voice | compose
   * @param codecs     names as in RTP
   * @param durationMs of the media in it
   */
  public record OutputFile(String path, String uri, String kind, List<String> codecs,
      @JsonProperty("duration_ms") long durationMs, long bytes, int width, int height) {}

  /**
   * What was received of one SSRC and what became of it.
   *
   * @param lostPackets   numbered by the sender, not on the tape
   * @param framesDropped damaged by loss, or not decodable because of a damaged one
   * @param clock         sender_reports | arrival
   * @param skewPpm       of its clock against the node's
   */
  public record TrackLine(String peer, long session, String name, String rid, String codec, long ssrc, long packets,
      @JsonProperty("lost_packets") long lostPackets, @JsonProperty("duplicate_packets") long duplicatePackets,
      long frames, @JsonProperty("frames_dropped") long framesDropped, String clock,
      @JsonProperty("skew_ppm") double skewPpm, @JsonProperty("clock_residual_ms") double clockResidualMs) {}
}
