package dev.tapedeck.composer.core.timeline;

import dev.tapedeck.composer.core.media.MediaCodec;
import dev.tapedeck.protocol.chunk.ChunkEntry;
import dev.tapedeck.protocol.chunk.TrackEntry;
import dev.tapedeck.protocol.codec.Codec;
import dev.tapedeck.protocol.rtp.Bytes;
import dev.tapedeck.protocol.rtp.RtpHeader;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Notes the entries of a session's chunks, in the order of the chunks, and where on the tape their packets lie. Owned
 * by one thread.
 */
public final class SessionTapeBuilder {
  private static final int RTCP_SENDER_REPORT = 200;
  private static final int SENDER_REPORT_BYTES = 28;
  private static final int MAX_CLOCK_RATE = 1_000_000;

  private final String peer;
  private final long session;
  private final long node;
  private final List<ClockPair> clocks = new ArrayList<>();
  private final Map<Integer, Optional<TrackDescription>> tracks = new HashMap<>();
  private final Map<Long, LayerBuilder> layers = new LinkedHashMap<>();
  private final TreeSet<String> unsupported = new TreeSet<>();
  private long ignoredPackets;

  private static final class LayerBuilder {
    private final TrackDescription description;
    private final RtpReorder packets = new RtpReorder();
    private final List<SenderReport> reports = new ArrayList<>();

    LayerBuilder(TrackDescription description) {
      this.description = description;
    }
  }

  public SessionTapeBuilder(String peer, long session, long node) {
    this.peer = peer;
    this.session = session;
    this.node = node;
  }

  /**
   * Takes the next entry.
   *
   * @param tapePosition where the entry's payload lies on the session's tape
   */
  public void entry(ChunkEntry entry, long tapePosition) {
    switch (entry.kind()) {
      case TRACK -> entry.asTrack().ifPresent(track -> describe(entry.track(), track));
      case RTP -> rtp(entry, tapePosition);
      case SENDER_REPORT -> senderReport(entry);
      case CLOCK -> entry.asClock().ifPresent(clock ->
          clocks.add(new ClockPair(clock.monotonicNanos(), clock.wallNanos())));
      case UNKNOWN, ROOM_EVENT, GAP, INDEX, END -> {}
    }
  }

  /** Names of codecs that no file of ours can hold; their tracks are left out. */
  public List<String> unsupportedCodecs() {
    return List.copyOf(unsupported);
  }

  /** Packets that are no RTP, or of a track nobody described, or not of its payload type. */
  public long ignoredPackets() {
    return ignoredPackets;
  }

  /** @param tape the bytes that the positions point into */
  public SessionTape build(MemorySegment tape) {
    List<LayerTape> tapes = layers.values().stream()
        .map(layer -> new LayerTape(layer.description, tape, layer.packets.order(layer.description.clockRate()),
            layer.reports))
        .toList();
    return new SessionTape(peer, session, node, clocks, tapes);
  }

  private void describe(int number, TrackEntry entry) {
    Optional<MediaCodec> codec = Codec.bySdpName(entry.codec()).map(known -> MediaCodec.valueOf(known.name()));
    if (codec.isEmpty() || entry.clockRate() <= 0 || entry.clockRate() > MAX_CLOCK_RATE) {
      unsupported.add(entry.codec() + "/" + entry.clockRate());
      tracks.put(number, Optional.empty());
      return;
    }
    TrackDescription description = new TrackDescription(number, entry.name(), entry.mid(), entry.rid(), entry.ssrc(),
        codec.get(), entry.payloadType(), entry.clockRate(), entry.channels(), entry.fmtp(), extensions(entry));
    tracks.put(number, Optional.of(description));
    layers.computeIfAbsent(keyOf(description), key -> new LayerBuilder(description));
  }

  // A track that changes its SSRC or codec under the same number begins a layer of its own.
  private static long keyOf(TrackDescription description) {
    return (long) description.number() << 40 | (long) description.codec().ordinal() << 32 | description.ssrc();
  }

  private static Map<Integer, String> extensions(TrackEntry entry) {
    Map<Integer, String> extensions = new HashMap<>();
    entry.extensions().forEach((id, uri) -> {
      if (id.matches("[0-9]{1,3}")) {
        extensions.put(Integer.parseInt(id), uri);
      }
    });
    return extensions;
  }

  private void rtp(ChunkEntry entry, long tapePosition) {
    MemorySegment memory = entry.memory();
    long offset = entry.payloadOffset();
    Optional<LayerBuilder> layer = layerOf(entry.track());
    boolean isMedia = layer.isPresent() && RtpHeader.isValid(memory, offset, entry.payloadBytes())
        && RtpHeader.payloadType(memory, offset) == layer.get().description.payloadType();
    if (!isMedia) {
      ignoredPackets++;
      return;
    }
    layer.get().packets.add(RtpHeader.sequenceNumber(memory, offset), RtpHeader.rtpTimestamp(memory, offset),
        entry.arrivalNanos(), tapePosition, entry.payloadBytes());
  }

  // RFC 3550 §6.4.1: version and type, length, SSRC, NTP timestamp (64 bits), RTP timestamp.
  private void senderReport(ChunkEntry entry) {
    MemorySegment memory = entry.memory();
    long offset = entry.payloadOffset();
    boolean isReport = entry.payloadBytes() >= SENDER_REPORT_BYTES && Bytes.u8(memory, offset) >> 6 == 2
        && Bytes.u8(memory, offset + 1) == RTCP_SENDER_REPORT;
    if (isReport) {
      layerOf(entry.track()).ifPresent(layer -> layer.reports.add(SenderReport.ofNtp(
          Bytes.u64(memory, offset + 8), Bytes.i32(memory, offset + 16), entry.arrivalNanos())));
    }
  }

  private Optional<LayerBuilder> layerOf(int track) {
    return tracks.getOrDefault(track, Optional.empty()).map(description -> layers.get(keyOf(description)));
  }
}
