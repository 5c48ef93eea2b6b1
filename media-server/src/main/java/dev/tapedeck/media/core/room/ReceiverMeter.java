package dev.tapedeck.media.core.room;

import dev.tapedeck.protocol.wire.session.ServerEvent;
import java.util.List;

/**
 * Measures one receiver of a member between two looks: what its publisher's track brings to us, and what we send of it.
 * Owned by the worker thread.
 */
final class ReceiverMeter {
  static final long STATS_INTERVAL_NANOS = 2_000_000_000L;

  static final long VOICE_INTERVAL_NANOS = 500_000_000L;

  private final ReceiveLine line;
  private boolean hasToldVoice;
  private long voiceToldNanos;

  /** What is measured now, null for nothing; the counts below are those it began with. */
  private UpTrack source;

  private long sinceNanos;
  private long sourceOctets;
  private long expectedPackets;
  private long lostPackets;
  private long sentOctets;

  ReceiverMeter(ReceiveLine line) {
    this.line = line;
  }

  void look(long nowNanos, MemberEvents events) {
    UpTrack shown = line.downTrack.source();
    if (shown != null && !line.isVideo) {
      lookForVoice(nowNanos, shown, events);
    }
    if (shown != source || shown == null || !line.isActive()) {
      begin(nowNanos, shown);
    } else if (nowNanos - sinceNanos >= STATS_INTERVAL_NANOS) {
      events.receiverStats(nowNanos, line.name, stats(nowNanos));
      begin(nowNanos, shown);
    }
  }

  private void lookForVoice(long nowNanos, UpTrack speaker, MemberEvents events) {
    boolean isDue = !hasToldVoice || nowNanos - voiceToldNanos >= VOICE_INTERVAL_NANOS;
    if (isDue && speaker.level.isTold() && speaker.isSpeakingAt(nowNanos)) {
      hasToldVoice = true;
      voiceToldNanos = nowNanos;
      // Smoothed, so it may still be on its way up to what was voice.
      double decibels = Math.max(speaker.decibelsAt(nowNanos), AudioLevel.VOICE_DECIBELS);
      events.voiceActivity(nowNanos, line.name, (int) Math.round(decibels));
    }
  }

  private void begin(long nowNanos, UpTrack shown) {
    source = shown;
    sinceNanos = nowNanos;
    sourceOctets = 0;
    expectedPackets = 0;
    lostPackets = 0;
    sentOctets = line.downTrack.octets;
    if (shown == null) {
      return;
    }
    List<UpLayer> layers = shown.layers();
    for (int i = 0, n = layers.size(); i < n; i++) {
      UpLayer layer = layers.get(i);
      sourceOctets += layer.octets;
      expectedPackets += layer.report.expectedPackets();
      lostPackets += layer.report.lostPackets();
    }
  }

  private ServerEvent.Receiver.Stats stats(long nowNanos) {
    long octetsBefore = sourceOctets;
    long expectedBefore = expectedPackets;
    long lostBefore = lostPackets;
    long sentBefore = sentOctets;
    long elapsedNanos = nowNanos - sinceNanos;
    begin(nowNanos, source);
    UpLayer layer = line.downTrack.current();
    long expected = expectedPackets - expectedBefore;
    long lost = Math.max(0, lostPackets - lostBefore);
    float jitterSeconds = layer == null ? 0 : layer.report.jitter() / (float) source.clockRate();
    return ServerEvent.Receiver.Stats.newBuilder()
        .setSource(ServerEvent.Receiver.Stats.Source.newBuilder()
            .setBitrateKbps(kilobitsPerSecond(sourceOctets - octetsBefore, elapsedNanos))
            .setRtt(source.roundTrip.smoothedNanos() / 1e9f)
            .setLost(expected <= 0 ? 0 : Math.min(1, lost / (float) expected))
            .setJitter(jitterSeconds))
        .setTransmit(ServerEvent.Receiver.Stats.Transmit.newBuilder()
            .setSpatial(layer == null ? 0 : source.spatial(layer))
            .setTemporal(line.downTrack.temporalLayer())
            .setBitrateKbps(kilobitsPerSecond(line.downTrack.octets - sentBefore, elapsedNanos)))
        .build();
  }

  private static int kilobitsPerSecond(long octets, long nanos) {
    return (int) Math.round(octets * 8e6 / nanos);
  }
}
