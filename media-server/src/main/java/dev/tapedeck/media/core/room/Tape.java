package dev.tapedeck.media.core.room;

import dev.tapedeck.media.core.record.Pressure;
import dev.tapedeck.media.core.record.RecordTap;
import dev.tapedeck.media.core.record.TapeEnd;
import dev.tapedeck.media.core.record.TapeOmission;
import dev.tapedeck.media.core.timer.TimerHeap;
import dev.tapedeck.protocol.codec.Codec;
import dev.tapedeck.protocol.codec.Vp9Payload;
import dev.tapedeck.protocol.wire.RecordPolicy;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;

/**
 * The tape of one session: decides which of its packets go on it, by the recording's policy and by how short the spool is
 * of room, and hands over slabs that nobody fills. Owned by the worker thread.
 */
final class Tape {
  /**
   * How long lost packets are asked for. Senders keep what they sent for some seconds, by time or by count; asking for
   * what they no longer have costs next to nothing, because the requests are few.
   */
  static final long PATIENCE_NANOS = 5_000_000_000L;

  /** What became of a packet. */
  enum Outcome {
    TAPED,
    /** Left out under pressure; a gap tells it. */
    SHED,
    /** Left out by order: its track is muted, or the recording paused; a gap tells it. */
    LEFT_OUT,
    /** The recording's policy does not want it. */
    NOT_WANTED
  }

  private final RecordTap tap;
  private final RecordPolicy policy;
  private final TimerHeap timers;
  private final TimerHeap.Timer timer = new TimerHeap.Timer(this::handleTimeout);

  /** Where one layer at a time is taped: which. */
  private final Map<UpTrack, TopLayer> topLayers = new HashMap<>();

  private boolean paused;

  Tape(RecordTap tap, RecordPolicy policy, TimerHeap timers) {
    this.tap = tap;
    this.policy = policy;
    this.timers = timers;
  }

  /** Leaves everything out from now on, or nothing any more. */
  void setPaused(boolean paused) {
    this.paused = paused;
  }

  /** One packet of any of the session's layers. */
  Outcome rtp(
      long nowNanos,
      long arrivalNanos,
      UpLayer layer,
      MemorySegment memory,
      long offset,
      int headerBytes,
      int payloadBytes,
      boolean repaired,
      boolean startsKeyFrame) {
    if (!takes(layer.track)) {
      return Outcome.NOT_WANTED;
    }
    Pressure pressure = tap.pressure();
    boolean isChosen = policy.getLayers() != RecordPolicy.Layers.TOP || !layer.track.media.isSimulcast()
        || topLayer(layer.track).takes(nowNanos, layer, startsKeyFrame, pressure != Pressure.NONE);
    int length = headerBytes + payloadBytes;
    if (!isChosen) {
      if (layer.isTaped()) {
        tap.leaveOut(layer.tapeTrack, arrivalNanos, memory, offset, length, repaired);
      }
      return Outcome.NOT_WANTED;
    }
    begin(nowNanos, layer, startsKeyFrame);
    TapeOmission omission = isSilent(layer) ? paused ? TapeOmission.PAUSED : TapeOmission.MUTED
        : pressure != Pressure.NONE && isShed(pressure, layer, memory, offset + headerBytes, payloadBytes)
            ? TapeOmission.SHED : null;
    if (omission != null) {
      layer.keyFrameForTape = layer.track.isVideo(); // what follows is of no use before the next one
      tap.omit(omission, layer.tapeTrack, arrivalNanos, memory, offset, length, repaired);
    } else {
      askForKeyFrame(nowNanos, layer, startsKeyFrame);
      tap.rtp(layer.tapeTrack, arrivalNanos, memory, offset, length, repaired, startsKeyFrame);
    }
    timers.scheduleAtMost(timer, tap.nextTimeoutNanos());
    return omission == null ? Outcome.TAPED : omission == TapeOmission.SHED ? Outcome.SHED : Outcome.LEFT_OUT;
  }

  private boolean isSilent(UpLayer layer) {
    return paused || layer.track.isSilenced();
  }

  void senderReport(long arrivalNanos, UpLayer layer, MemorySegment memory, long offset, int length) {
    if (layer.tapeTrack != UpLayer.NOT_TAPED && !isSilent(layer)) {
      tap.senderReport(layer.tapeTrack, arrivalNanos, memory, offset, length);
    }
  }

  void roomEvent(long nowNanos, byte[] json) {
    tap.roomEvent(nowNanos, json);
    timers.scheduleAtMost(timer, tap.nextTimeoutNanos());
  }

  void close(long nowNanos, TapeEnd end) {
    timers.cancel(timer);
    tap.close(nowNanos, end);
  }

  private boolean takes(UpTrack track) {
    return switch (policy.getMedia()) {
      case AUDIO -> !track.isVideo();
      case VIDEO -> track.isVideo();
      case BOTH, UNRECOGNIZED -> true;
    };
  }

  private TopLayer topLayer(UpTrack track) {
    TopLayer known = topLayers.get(track);
    if (known == null) {
      known = new TopLayer(track);
      topLayers.put(track, known);
    }
    return known;
  }

  /** Describes the layer when its first packet comes, and again when it has changed. */
  private void begin(long nowNanos, UpLayer layer, boolean startsKeyFrame) {
    if (layer.tapeTrack == UpLayer.NOT_TAPED) {
      layer.tapeTrack = tap.addTrack(nowNanos, layer.describe(), layer);
      layer.takeChanged();
      layer.nack.setPatienceNanos(PATIENCE_NANOS);
      layer.keyFrameForTape = layer.track.isVideo() && !startsKeyFrame;
    } else if (layer.takeChanged()) {
      tap.updateTrack(nowNanos, layer.tapeTrack, layer.describe());
    }
  }

  /** A stream that begins, or goes on, in the middle cannot be shown before its next key frame. */
  private static void askForKeyFrame(long nowNanos, UpLayer layer, boolean startsKeyFrame) {
    if (startsKeyFrame) {
      layer.keyFrameForTape = false;
    } else if (layer.keyFrameForTape) {
      layer.askForTape(nowNanos);
    }
  }

  /** Audio never is. */
  private boolean isShed(Pressure pressure, UpLayer layer, MemorySegment memory, long payload, int payloadBytes) {
    if (!layer.track.isVideo()) {
      return false;
    }
    return switch (pressure) {
      case NONE -> false;
      case SHED_UPPER_LAYERS -> policy.getLayers() == RecordPolicy.Layers.AUDIO_FIRST
          || !layer.track.isLowest(layer) || isUpperSpatialLayer(layer, memory, payload, payloadBytes);
      case SHED_VIDEO -> true;
    };
  }

  /** In VP9 each packet names its spatial layer; in AV1 only who knows the templates could tell. */
  private static boolean isUpperSpatialLayer(UpLayer layer, MemorySegment memory, long payload, int payloadBytes) {
    return layer.codec() == Codec.VP9
        && Vp9Payload.descriptorBytes(memory, payload, payloadBytes) != Vp9Payload.NONE
        && Vp9Payload.sid(memory, payload) > 0;
  }

  private void handleTimeout(long nowNanos) {
    tap.handleTimeout(nowNanos);
    timers.schedule(timer, tap.nextTimeoutNanos());
  }
}
