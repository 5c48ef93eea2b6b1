package dev.tapedeck.media.core.room;

import dev.tapedeck.media.core.sdp.HeaderExtension;
import dev.tapedeck.media.core.sdp.PayloadFormat;
import dev.tapedeck.protocol.chunk.TrackEntry;
import dev.tapedeck.protocol.codec.Codec;
import dev.tapedeck.media.core.rtcp.RoundTripEstimator;
import dev.tapedeck.media.core.sdp.NegotiatedMedia;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A track that a client sends to us: one m-line of its offer, with one stream or several simulcast layers. Routes its
 * packets to the {@link DownTrack}s that show it. Owned by the worker thread.
 */
final class UpTrack implements Speaker {
  /** A layer that misses this many frames which a lower layer delivered is taken for stopped by its sender. */
  private static final int STALLED_FRAMES = 6;

  private static final long STALLED_NANOS = 150_000_000L;

  final Publication publication;
  final NegotiatedMedia media;
  final String name;

  /** To its publisher. */
  final RoundTripEstimator roundTrip;

  /** How loud it is; of no meaning for video. */
  final AudioLevel level;

  private final List<UpLayer> layers = new ArrayList<>(1);
  private final List<DownTrack> downTracks = new ArrayList<>();
  private final boolean wantsRetransmissions;
  private boolean started;
  private boolean muted;
  private boolean silenced;
  private boolean published;
  private Optional<String> metadata = Optional.empty();

  UpTrack(Publication publication, NegotiatedMedia media, String name, RoundTripEstimator roundTrip) {
    this.roundTrip = roundTrip;
    this.publication = publication;
    this.media = media;
    this.name = name;
    level = new AudioLevel(media.extensionId(HeaderExtension.SSRC_AUDIO_LEVEL).orElse(0));
    wantsRetransmissions = media.codecs().stream().anyMatch(codec -> codec.feedback().contains("nack"));
  }

  boolean isVideo() {
    return media.isVideo();
  }

  int clockRate() {
    return isVideo() ? 90_000 : 48_000;
  }

  boolean wantsRetransmissions() {
    return wantsRetransmissions;
  }

  /** Whether the publisher understands FIR but not PLI. */
  boolean wantsFullIntraRequests() {
    return media.codecs().stream().noneMatch(codec -> codec.feedback().contains("nack pli"))
        && media.codecs().stream().anyMatch(codec -> codec.feedback().contains("ccm fir"));
  }

  /** Whether a receiver gets this layer now. */
  boolean isShown(UpLayer layer) {
    for (int i = 0, n = downTracks.size(); i < n; i++) {
      if (downTracks.get(i).current() == layer) {
        return true;
      }
    }
    return false;
  }

  boolean hasPayloadType(int payloadType) {
    return media.codecs().stream().anyMatch(codec -> codec.payloadType() == payloadType);
  }

  boolean isRtxPayloadType(int payloadType) {
    return media.codecs().stream().anyMatch(codec -> codec.rtxPayloadType().orElse(-1) == payloadType);
  }

  /** Payload type of what a retransmission repairs, or -1. */
  int originalPayloadType(int rtxPayloadType) {
    for (PayloadFormat codec : media.codecs()) {
      if (codec.rtxPayloadType().orElse(-1) == rtxPayloadType) {
        return codec.payloadType();
      }
    }
    return -1;
  }

  /** The codec behind a payload type, null if it was not agreed on. */
  Codec codec(int payloadType) {
    for (PayloadFormat codec : media.codecs()) {
      if (codec.payloadType() == payloadType) {
        return codec.codec().orElse(null);
      }
    }
    return null;
  }

  /** What the tape says of one layer of this track. */
  TrackEntry describe(UpLayer layer) {
    PayloadFormat format = media.codecs().stream()
        .filter(codec -> codec.payloadType() == layer.payloadType())
        .findFirst()
        .orElse(media.codecs().getFirst());
    Map<String, String> extensions = new TreeMap<>();
    media.extensions().forEach((id, extension) -> extensions.put(Integer.toString(id), extension.uri()));
    return new TrackEntry(name, media.mid(), layer.rid, Integer.toUnsignedLong(layer.ssrc),
        Integer.toUnsignedLong(layer.rtxSsrc), isVideo() ? "video" : "audio", format.name(), layer.payloadType(),
        format.rtxPayloadType().orElse(0), format.clockRate(), isVideo() ? 0 : format.channels(), format.fmtp(),
        extensions, "");
  }

  /** Codec of what flows, as SDP names it. */
  String codecName() {
    for (UpLayer layer : layers) {
      if (layer.codec() != null) {
        return layer.codec().sdpName();
      }
    }
    return "";
  }

  List<UpLayer> layers() {
    return layers;
  }

  List<DownTrack> downTracks() {
    return downTracks;
  }

  void addLayer(UpLayer layer) {
    layers.add(layer);
  }

  /** Whether it may be received; packets that come before are taped all the same. */
  boolean isPublished() {
    return published;
  }

  void setPublished(boolean published) {
    this.published = published;
  }

  /** Free text of its client. */
  Optional<String> metadata() {
    return metadata;
  }

  void setMetadata(Optional<String> metadata) {
    this.metadata = metadata;
  }

  boolean isStarted() {
    return started;
  }

  void markStarted() {
    started = true;
  }

  /** Whether nothing has come for so long that its sender must have stopped; what W3C calls muted. */
  boolean isMuted() {
    return muted;
  }

  void setMuted(boolean muted) {
    this.muted = muted;
  }

  /** Whether nothing of it may reach anybody, by order; it comes in all the same. */
  boolean isSilenced() {
    return silenced;
  }

  /** Interrupts everybody who shows it, or lets them begin anew, with a key frame. */
  void setSilenced(long nowNanos, boolean silenced) {
    this.silenced = silenced;
    for (int i = 0, n = downTracks.size(); i < n; i++) {
      if (silenced) {
        downTracks.get(i).interrupt(nowNanos);
      } else {
        downTracks.get(i).start(nowNanos);
      }
    }
    UpLayer best = bestLayer(nowNanos);
    if (!silenced && isVideo() && best != null && !downTracks.isEmpty()) {
      best.wantKeyFrame(nowNanos);
    }
  }

  @Override
  public double decibelsAt(long nowNanos) {
    return level.decibelsAt(nowNanos);
  }

  @Override
  public boolean isSpeakingAt(long nowNanos) {
    return level.isSpeakingAt(nowNanos);
  }

  /** When the last packet of any layer came. */
  long lastPacketNanos() {
    long last = Long.MIN_VALUE;
    for (int i = 0, n = layers.size(); i < n; i++) {
      if (layers.get(i).lastPacketNanos != 0) {
        last = Math.max(last, layers.get(i).lastPacketNanos);
      }
    }
    return last;
  }

  void addDownTrack(DownTrack downTrack) {
    downTracks.add(downTrack);
  }

  void removeDownTrack(DownTrack downTrack) {
    downTracks.remove(downTrack);
  }

  SentTrackStats stats() {
    long packets = 0;
    long octets = 0;
    long lostPackets = 0;
    long repairedPackets = 0;
    long jitterNanos = 0;
    for (UpLayer layer : layers) {
      packets += layer.report.receivedPackets() + layer.report.repairedPackets();
      octets += layer.octets;
      lostPackets += layer.report.lostPackets();
      repairedPackets += layer.report.repairedPackets();
      jitterNanos = Math.max(jitterNanos, layer.report.jitter() * 1_000_000_000L / clockRate());
    }
    return new SentTrackStats(name, packets, octets, lostPackets, repairedPackets, jitterNanos);
  }

  /** The layer that began last, null before the first. */
  UpLayer newestLayer() {
    return layers.isEmpty() ? null : layers.getLast();
  }

  /**
   * The first packet of a layer came. Simulcast layers are chosen among; any other track has one stream, and where its
   * publisher begins another SSRC (RFC 3550 §8.2, or a sender that was restarted) everybody goes on with that one.
   */
  void layerBegan(long nowNanos, UpLayer layer) {
    if (!media.isSimulcast() && layer == newestLayer()) {
      for (int i = 0, n = downTracks.size(); i < n; i++) {
        downTracks.get(i).aimAt(nowNanos, layer);
      }
    }
  }

  /** Gives a packet that lies in the layer's cache to everybody who watches. */
  void forward(long nowNanos, UpLayer layer, int cacheIndex, long sequence, int timestamp, boolean startsKeyFrame) {
    for (int i = 0, n = downTracks.size(); i < n; i++) {
      downTracks.get(i).offer(nowNanos, layer, cacheIndex, sequence, timestamp, startsKeyFrame);
    }
  }

  /** The best layer that flows now, or null before the first packet. */
  UpLayer bestLayer(long nowNanos) {
    return bestLayer(nowNanos, false, LayerLimits.NONE);
  }

  /** The layer with the fewest pixels of all that have sent a packet lately, or null before the first packet. */
  UpLayer lowestLayer() {
    UpLayer lowest = null;
    for (int i = 0, n = layers.size(); i < n; i++) {
      UpLayer layer = layers.get(i);
      if (layer.lastPacketNanos != 0 && !hasStopped(layer) && (lowest == null || isBetter(lowest, layer))) {
        lowest = layer;
      }
    }
    return lowest;
  }

  /** Layers that have sent a packet lately, those of the smallest pictures first. */
  List<UpLayer> flowing() {
    if (!media.isSimulcast()) {
      return layers.isEmpty() ? List.of() : List.of(newestLayer());
    }
    return layers.stream().filter(layer -> layer.lastPacketNanos != 0 && !hasStopped(layer))
        .sorted(Comparator.comparingInt(this::spatial)).toList();
  }

  /** Whether no lower layer flows; true for a track of one stream. */
  boolean isLowest(UpLayer layer) {
    return !media.isSimulcast() || lowestLayer() == layer;
  }

  /** Whether another layer has gone on without it. */
  private boolean hasStopped(UpLayer layer) {
    for (int i = 0, n = layers.size(); i < n; i++) {
      if (layers.get(i) != layer && layers.get(i).framesSince(layer) >= STALLED_FRAMES) {
        return true;
      }
    }
    return false;
  }

  /** The best layer for this receiver; the smallest that flows where none is small enough, or null before the first. */
  UpLayer bestLayer(long nowNanos, LayerLimits limits) {
    UpLayer best = bestLayer(nowNanos, false, limits);
    return best == null ? lowestLayer() : best;
  }

  /** Place of a layer among all that were offered: 0 is the smallest picture. */
  int spatial(UpLayer layer) {
    return listsLargestFirst() ? media.rids().size() - 1 - layer.order : layer.order;
  }

  /** An offer may list its layers either way; only the pictures tell. */
  private boolean listsLargestFirst() {
    for (int i = 1, n = layers.size(); i < n; i++) {
      UpLayer one = layers.get(i - 1);
      UpLayer other = layers.get(i);
      if (one.pixels() != 0 && other.pixels() != 0 && one.pixels() != other.pixels() && media.isSimulcast()) {
        return one.order < other.order == one.pixels() > other.pixels();
      }
    }
    return false;
  }

  private UpLayer bestLayer(long nowNanos, boolean mustBeAligned, LayerLimits limits) {
    if (!media.isSimulcast()) {
      return newestLayer();
    }
    UpLayer best = null;
    for (int i = 0, n = layers.size(); i < n; i++) {
      UpLayer layer = layers.get(i);
      boolean counts = !isStalled(layer, nowNanos) && (!mustBeAligned || layer.isAligned(nowNanos))
          && limits.allows(spatial(layer));
      if (layer.lastPacketNanos != 0 && counts && (best == null || isBetter(layer, best))) {
        best = layer;
      }
    }
    return best;
  }

  /**
   * Tells each receiver which layer it should show; they switch at that layer's next key frame. Who sees something waits
   * for the sender report that tells where the better layer's timestamps stand; who sees nothing takes what there is.
   */
  void selectLayers(long nowNanos) {
    if (silenced) {
      return;
    }
    for (int i = 0, n = downTracks.size(); i < n; i++) {
      selectLayer(nowNanos, downTracks.get(i));
    }
  }

  private void selectLayer(long nowNanos, DownTrack downTrack) {
    LayerLimits limits = downTrack.limits();
    UpLayer shown = downTrack.current();
    if (shown == null || isStalled(shown, nowNanos)) {
      aim(nowNanos, downTrack, bestLayer(nowNanos, limits));
      return;
    }
    UpLayer aligned = bestLayer(nowNanos, true, limits);
    boolean isWanted = aligned != null && shown.isAligned(nowNanos)
        && (isBetter(aligned, shown) || !limits.allows(spatial(shown)));
    aim(nowNanos, downTrack, isWanted ? aligned : shown);
  }

  private static void aim(long nowNanos, DownTrack downTrack, UpLayer layer) {
    if (layer != null) {
      downTrack.aimAt(nowNanos, layer);
    }
  }

  private static boolean isBetter(UpLayer layer, UpLayer than) {
    if (layer.pixels() != 0 && than.pixels() != 0 && layer.pixels() != than.pixels()) {
      return layer.pixels() > than.pixels();
    }
    return layer.order > than.order;
  }

  /** All layers are encoded from the same pictures, so one that misses what another delivers has stopped. */
  private boolean isStalled(UpLayer layer, long nowNanos) {
    return nowNanos - layer.lastPacketNanos >= STALLED_NANOS && hasStopped(layer);
  }
}
