package dev.tapedeck.composer.core.timeline;

import dev.tapedeck.composer.core.frame.Frame;
import dev.tapedeck.composer.core.frame.FrameCounts;
import dev.tapedeck.composer.core.frame.LossPolicy;
import dev.tapedeck.composer.core.media.FrameSource;
import dev.tapedeck.composer.core.media.StreamInfo;
import java.util.ArrayList;
import java.util.List;

/**
 * One track of one session on the wall clock: all its simulcast layers, cut into one sequence of frames.
 *
 * <p>Immutable; each {@link #open} reads the tape anew. Without a single decodable frame it is empty and has no
 * {@link #info}.
 */
public final class TrackTimeline {
  private final String peer;
  private final long session;
  private final TrackDescription description;
  private final List<Layer> layers;
  private final List<LayerIndex> indexes;
  private final FramePlan plan;
  private final LossPolicy lossPolicy;

  private TrackTimeline(String peer, long session, List<Layer> layers, List<LayerIndex> indexes,
      LossPolicy lossPolicy) {
    this.peer = peer;
    this.session = session;
    this.description = layers.getFirst().tape().description();
    this.layers = List.copyOf(layers);
    this.indexes = List.copyOf(indexes);
    this.plan = LayerChooser.plan(indexes);
    this.lossPolicy = lossPolicy;
  }

  static TrackTimeline of(String peer, long session, List<Layer> layers, LossPolicy lossPolicy) {
    List<LayerIndex> indexes = layers.stream().map(layer -> LayerIndex.of(layer, lossPolicy)).toList();
    return new TrackTimeline(peer, session, layers, indexes, lossPolicy);
  }

  public String peer() {
    return peer;
  }

  public long session() {
    return session;
  }

  /** Of the first layer; the others differ in rid, SSRC and number. */
  public TrackDescription description() {
    return description;
  }

  public boolean isVideo() {
    return description.codec().isVideo();
  }

  /** Frames in the output, after layers were chosen. */
  public int frames() {
    return plan.size();
  }

  public boolean isEmpty() {
    return plan.size() == 0;
  }

  /** Capture of the first frame, nanoseconds since 1970; 0 if empty. */
  public long startWallNanos() {
    return isEmpty() ? 0 : plan.showNanos(0);
  }

  /** End of the last frame, nanoseconds since 1970; 0 if empty. */
  public long endWallNanos() {
    return isEmpty() ? 0 : plan.showNanos(plan.size() - 1) + lastDurationNanos();
  }

  /** What a muxer must know, with the largest size shown; only of a track that is not empty. */
  public StreamInfo info() {
    LayerIndex index = indexes.get(plan.layer(0));
    if (!isVideo()) {
      return StreamInfo.opus(index.maxAudioChannels());
    }
    for (int entry = 1; entry < plan.size(); entry++) {
      LayerIndex shown = indexes.get(plan.layer(entry));
      index = shown.maxPixels() > index.maxPixels() ? shown : index;
    }
    Frame largest = index.largestFrame().orElseThrow();
    return StreamInfo.video(description.codec(), largest.width(), largest.height(), largest.codecHeader());
  }

  /** One line per SSRC: what was received, what became of it, and how well its clock is known. */
  public List<LayerReport> reports() {
    List<LayerReport> reports = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      LayerTape tape = layers.get(i).tape();
      reports.add(new LayerReport(tape.description(), tape.packets().counts(), tape.packets().missingPackets(),
          indexes.get(i).counts(), layers.get(i).clock()));
    }
    return reports;
  }

  /**
   * Opens the frames for one reading.
   *
   * @param zeroWallNanos what becomes presentation time 0, nanoseconds since 1970; frames captured earlier start at 0
   */
  public FrameSource open(long zeroWallNanos) {
    return new PlannedFrames(info(), layers, indexes, plan, lossPolicy, zeroWallNanos, lastDurationNanos());
  }

  private long lastDurationNanos() {
    return indexes.get(plan.layer(plan.size() - 1)).lastDurationNanos();
  }

  /**
   * What became of one SSRC.
   *
   * @param missingPackets sent between the first and the last packet of the tape, and not on it
   */
  public record LayerReport(TrackDescription description, RtpSequence.Counts packets, long missingPackets,
      FrameCounts frames, TrackClock clock) {}
}
