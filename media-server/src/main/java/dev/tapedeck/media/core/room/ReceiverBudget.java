package dev.tapedeck.media.core.room;

import dev.tapedeck.media.core.bwe.BandwidthEstimator;
import dev.tapedeck.media.core.bwe.BitrateAllocator;
import dev.tapedeck.media.core.bwe.BitrateAllocator.Demand;
import dev.tapedeck.media.core.bwe.BitrateAllocator.Option;
import dev.tapedeck.media.core.session.PeerSession;
import dev.tapedeck.media.core.timer.TimerHeap;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Keeps what one receiver is sent within what its path carries, as long as that is known: fewer layers, or nothing, on
 * the m-lines of lower priority first. Audio is always sent. Owned by the worker thread.
 */
final class ReceiverBudget {
  private static final long INTERVAL_NANOS = 500_000_000L;

  /** What a layer more must leave free, so that small changes of rates do not switch it on and off. */
  private static final double HEADROOM = 1.15;

  /** Part of what is known that is kept for retransmissions. */
  private static final double RETRANSMISSIONS = 0.1;

  private final TimerHeap timers;
  private final PeerSession session;
  private final List<DownTrack> downTracks;
  private final TimerHeap.Timer timer = new TimerHeap.Timer(this::handleTimeout);

  /** Whether less than all may be allotted; so at first, for there may be what another worker has allotted. */
  private boolean isShort = true;

  private long sinceNanos;
  private long audioOctets;

  ReceiverBudget(TimerHeap timers, PeerSession session, List<DownTrack> downTracks) {
    this.timers = timers;
    this.session = session;
    this.downTracks = downTracks;
  }

  void start(long nowNanos) {
    audioBitsPerSecond(nowNanos); // what was sent before counts for nothing
    timers.schedule(timer, nowNanos + INTERVAL_NANOS);
  }

  void stop() {
    timers.cancel(timer);
  }

  private void handleTimeout(long nowNanos) {
    long audio = audioBitsPerSecond(nowNanos);
    long bitsPerSecond = session.bandwidth().update(nowNanos);
    if (bitsPerSecond != BandwidthEstimator.UNKNOWN) {
      isShort = true;
      long repairs = (long) (bitsPerSecond * RETRANSMISSIONS);
      share(nowNanos, Math.max(0, bitsPerSecond - repairs - audio), repairs);
    } else if (isShort) {
      isShort = false;
      downTracks.forEach(downTrack ->
          downTrack.allot(nowNanos, LayerLimits.NONE, RetransmissionLimit.MAX_BYTES_PER_SECOND));
    }
    timers.schedule(timer, nowNanos + INTERVAL_NANOS);
  }

  private long audioBitsPerSecond(long nowNanos) {
    long octets = 0;
    for (int i = 0, n = downTracks.size(); i < n; i++) {
      octets += downTracks.get(i).media.isVideo() ? 0 : downTracks.get(i).octets;
    }
    long bits = (long) ((octets - audioOctets) * 8e9 / Math.max(1, nowNanos - sinceNanos));
    audioOctets = octets;
    sinceNanos = nowNanos;
    return bits;
  }

  private void share(long nowNanos, long bitsPerSecond, long repairBitsPerSecond) {
    List<DownTrack> shown = new ArrayList<>();
    List<Demand> demands = new ArrayList<>();
    for (DownTrack downTrack : downTracks) {
      List<Option> options = downTrack.media.isVideo() && downTrack.source() != null
          ? options(nowNanos, downTrack) : List.of();
      if (!options.isEmpty()) {
        shown.add(downTrack);
        demands.add(new Demand(downTrack.priority(), options));
      }
    }
    int[] chosen = BitrateAllocator.allocate(bitsPerSecond, demands);
    long repairs = repairBytesPerSecond(repairBitsPerSecond, chosen);
    for (int i = 0; i < chosen.length; i++) {
      if (chosen[i] == BitrateAllocator.PAUSED) {
        shown.get(i).pause(nowNanos);
      } else {
        Option option = demands.get(i).options().get(chosen[i]);
        shown.get(i).allot(nowNanos, new LayerLimits(option.spatial(), option.temporal(), 0, 0), repairs);
      }
    }
  }

  /** What each of those that are sent may spend on retransmissions; one that is paused has nothing to repeat. */
  static long repairBytesPerSecond(long bitsPerSecond, int[] chosen) {
    long sent = IntStream.of(chosen).filter(option -> option != BitrateAllocator.PAUSED).count();
    return bitsPerSecond / 8 / Math.max(1, sent);
  }

  /** What may be sent, from the least that the receiver wants; the least that flows if all of that is more. */
  private static List<Option> options(long nowNanos, DownTrack downTrack) {
    LayerLimits wanted = downTrack.wanted();
    List<Option> options = new ArrayList<>();
    for (UpLayer layer : downTrack.source().flowing()) {
      int spatial = downTrack.source().spatial(layer);
      boolean isWanted = spatial >= wanted.minSpatial() && wanted.allows(spatial);
      if (isWanted || !downTrack.source().media.isSimulcast()) {
        add(options, nowNanos, downTrack, layer, wanted.minTemporal(), wanted.maxTemporal());
      }
    }
    UpLayer other = options.isEmpty() ? downTrack.source().bestLayer(nowNanos, wanted) : null;
    if (other != null) {
      add(options, nowNanos, downTrack, other, wanted.minTemporal(), wanted.maxTemporal());
    }
    return options;
  }

  private static void add(
      List<Option> options, long nowNanos, DownTrack downTrack, UpLayer layer, int minTemporal, int maxTemporal) {
    int spatial = downTrack.source().spatial(layer);
    int highest = Math.min(layer.temporal.highest(), maxTemporal);
    for (int temporal = Math.min(minTemporal, highest); temporal <= highest; temporal++) {
      long rate = layer.rates.bitsPerSecond(nowNanos, temporal);
      boolean isMore = downTrack.isPaused() || downTrack.allotted().isBelow(spatial, temporal);
      // The best temporal layer is all there is of the stream, also what may come above it later.
      int allotted = temporal == highest ? maxTemporal : temporal;
      options.add(new Option(spatial, allotted, isMore ? (long) (rate * HEADROOM) : rate));
    }
  }
}
