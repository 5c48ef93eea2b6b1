package dev.tapedeck.protocol.manifest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is stored of one recording: who was taped, which chunks hold it in which order, and every gap with its cause.
 * {@link ManifestJson} reads and writes it as {@code manifest.<n>.json} beside the chunks. What the first release did not
 * write yet (chains, sender reports, clocks, the key) may be absent.
 *
 * @param format         {@link #FORMAT}
 * @param version        1 for the first; a later one replaces it without overwriting it
 * @param previousSha256 lower-case hex hash of the bytes of the version before; empty for the first
 * @param roomInstance   the room's life this recording belongs to
 * @param recording      number of the recording, 2^32 to 2^53-1
 * @param closeReason    stop | empty | room | shutdown | crash
 * @param gaps           what was accepted by the tap or should have been, and is not stored
 * @param intervals      spans in which nothing was to be stored: paused, excluded, erased
 * @param clocks         what the clocks were worth that the times of this manifest come from, one per media server
 * @param keyId          of the key that signs these bytes, see {@link ManifestSignature}
 */
public record Manifest(
    String format,
    int version,
    @JsonInclude(Include.ALWAYS) Optional<String> previousSha256,
    String app,
    String room,
    long roomInstance,
    long recording,
    Instant startedAt,
    Instant endedAt,
    long durationMs,
    Verdict verdict,
    String closeReason,
    List<Session> sessions,
    List<Gap> gaps,
    List<Interval> intervals,
    @JsonSetter(nulls = Nulls.AS_EMPTY) List<Clock> clocks,
    Optional<String> keyId) {
  public static final String FORMAT = "tapedeck-manifest/1";

  public Manifest {
    sessions = List.copyOf(sessions);
    gaps = List.copyOf(gaps);
    intervals = List.copyOf(intervals);
    clocks = List.copyOf(clocks);
  }

  /** Packets stored and verified, of all sessions. */
  public long packets() {
    return sessions.stream().mapToLong(Session::packets).sum();
  }

  /** Bytes stored and verified, of all sessions. */
  public long bytes() {
    return sessions.stream().flatMap(session -> session.chunks().stream()).mapToLong(Chunk::bytes).sum();
  }

  /**
   * One connection of one peer, as far as it was taped.
   *
   * @param session          2^32 to 2^53-1
   * @param end              left | timed_out | stopped | node_shutdown | crashed | replaced
   * @param tailUnknownSince set when the client vanished: what it sent after this moment never reached the server
   * @param chunks           in order of their index; together they are the tape of this session
   * @param packets          RTP packets in these chunks
   * @param chain            last link of these chunks, see {@link ChunkChain}; empty without a chunk
   * @param unclosed         its media server has not told its end; tracks are as it told them with a chunk. In manifests
   *                         without this member such a session is {@code crashed} and has no tracks
   */
  public record Session(
      String peer,
      long session,
      long node,
      Instant startedAt,
      Instant endedAt,
      String end,
      Optional<Instant> tailUnknownSince,
      List<Track> tracks,
      List<Chunk> chunks,
      long packets,
      Optional<String> chain,
      @JsonInclude(Include.NON_DEFAULT) @JsonSetter(nulls = Nulls.AS_EMPTY) boolean unclosed) {
    public Session {
      tracks = List.copyOf(tracks);
      chunks = List.copyOf(chunks);
    }

    /** One whose end was told, or that is told from its chunks alone. */
    public Session(String peer, long session, long node, Instant startedAt, Instant endedAt, String end,
        Optional<Instant> tailUnknownSince, List<Track> tracks, List<Chunk> chunks, long packets,
        Optional<String> chain) {
      this(peer, session, node, startedAt, endedAt, end, tailUnknownSince, tracks, chunks, packets, chain, false);
    }
  }

  /**
   * One stream of RTP packets with one SSRC, as its session described it.
   *
   * @param number        number of the track within the session's chunks
   * @param name          what the publisher calls it
   * @param rid           simulcast layer (RFC 8851), "" without simulcast
   * @param kind          audio | video
   * @param channels      0 for video
   * @param ssrc          as sent by the client
   * @param rtxSsrc       0 without retransmission (RFC 4588)
   * @param extensions    header extension id, as decimal text, to its URI (RFC 8285)
   * @param senderReports empty when the sender sent none
   */
  public record Track(
      int number,
      String name,
      String mid,
      String rid,
      String kind,
      String codec,
      int payloadType,
      int clockRate,
      int channels,
      String fmtp,
      long ssrc,
      long rtxSsrc,
      Map<String, String> extensions,
      Reception reception,
      Optional<SenderReports> senderReports) {}

  /**
   * What the network delivered of one track; says nothing about custody.
   *
   * @param repaired      received as retransmission
   * @param lost          expected and never received
   * @param lostPpm       lost packets in a million expected
   * @param longestHoleMs longest time without a packet that should have come
   * @param causes        why packets are missing, empty when the media server did not count that
   */
  public record Reception(
      long expected,
      long received,
      long repaired,
      long lost,
      long lostPpm,
      long longestHoleMs,
      Optional<Instant> firstAt,
      Optional<Instant> lastAt,
      Optional<Causes> causes) {
    public Reception(long expected, long received, long repaired, long lost, long lostPpm, long longestHoleMs,
        Optional<Instant> firstAt, Optional<Instant> lastAt) {
      this(expected, received, repaired, lost, lostPpm, longestHoleMs, firstAt, lastAt, Optional.empty());
    }
  }

  /**
   * What became of the packets of one track that are not on the tape, or came late; counts of packets.
   *
   * @param repairedLate of repaired: after the live deadline, in time for the tape
   * @param askedInVain  of lost: asked for again and never come; the rest of lost was never asked for
   * @param tooLate      not in received: so far behind the newest that nobody knew whether they had come before
   * @param unauthentic  not in received: with a wrong authentication tag
   * @param duplicates   not in received: had come before
   * @param droppedQueue of received: left off the tape, because no slab was to be had; each in a gap
   * @param droppedShed  of received: left off the tape under pressure; each in a gap
   * @param unwanted     of received: not wanted by the recording's policy; in no gap. 0 in older manifests
   */
  public record Causes(
      long repairedLate,
      long askedInVain,
      long tooLate,
      long unauthentic,
      long duplicates,
      long droppedQueue,
      long droppedShed,
      @JsonInclude(Include.NON_DEFAULT) @JsonSetter(nulls = Nulls.AS_EMPTY) long unwanted) {}

  /**
   * What the sender said of one track in RTCP (RFC 3550 §6.4.1); all of it is on the tape.
   *
   * @param firstNtp    64-bit NTP timestamp of the first report, 16 hex digits
   * @param firstRtp    RTP timestamp of the same moment
   * @param lastPackets the sender's own packet count, modulo 2^32
   * @param lastOctets  the sender's own count of payload octets, modulo 2^32
   */
  public record SenderReports(
      long reports, String firstNtp, long firstRtp, String lastNtp, long lastRtp, long lastPackets, long lastOctets) {}

  /**
   * One verified object of the store.
   *
   * @param fromMs Unix milliseconds of the first entry
   * @param toMs   Unix milliseconds of the last entry
   * @param sha256 lower-case hex hash of the object's bytes
   * @param chain  link of this chunk, see {@link ChunkChain}
   */
  public record Chunk(
      int index, String key, long fromMs, long toMs, long bytes, long packets, String sha256, Optional<String> chain) {}

  /**
   * Something that should be on the tape and is not.
   *
   * @param track     number of the track, 0 for all tracks of the session
   * @param cause     crash | disk | upload | queue | shed | muted | paused
   * @param packets   packets that are missing, 0 when nobody can know
   * @param requested it was asked for, so it leaves a recording complete
   */
  public record Gap(
      String peer,
      long session,
      int track,
      Instant from,
      Instant to,
      String cause,
      long packets,
      @JsonInclude(Include.NON_DEFAULT) @JsonSetter(nulls = Nulls.AS_EMPTY) boolean requested) {}

  /**
   * A span in which, on purpose, nothing is on the tape.
   *
   * @param kind paused | excluded | erased
   * @param peer whom it concerns, "" for everybody
   */
  public record Interval(String kind, String peer, Instant from, Instant to) {}

  /**
   * What the kernel of one media server said of its wall clock while it taped.
   *
   * @param isSynchronized whether it was kept by a time server all the while
   * @param maxErrorMicros the kernel's bound of its error, 0 when it was never synchronized
   * @param steps          times it jumped since its process started
   * @param lastStepMs     size of the last jump, positive when forward
   */
  public record Clock(
      long node,
      @JsonProperty("synchronized") boolean isSynchronized,
      long maxErrorMicros,
      long steps,
      long lastStepMs) {}
}
