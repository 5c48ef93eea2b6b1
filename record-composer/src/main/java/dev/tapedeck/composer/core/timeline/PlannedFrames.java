package dev.tapedeck.composer.core.timeline;

import dev.tapedeck.composer.core.frame.Frame;
import dev.tapedeck.composer.core.frame.LossPolicy;
import dev.tapedeck.composer.core.frame.OpusFrames;
import dev.tapedeck.composer.core.media.EncodedFrame;
import dev.tapedeck.composer.core.media.FrameSource;
import dev.tapedeck.composer.core.media.StreamInfo;
import java.util.List;
import java.util.Optional;

/** Reads the frames of a {@link FramePlan} from the tapes of its layers, in the order of the plan. */
final class PlannedFrames implements FrameSource {
  private final StreamInfo info;
  private final FramePlan plan;
  private final long zeroWallNanos;
  private final long lastDurationNanos;
  private final LayerCursor[] cursors;
  private int entry;

  PlannedFrames(StreamInfo info, List<Layer> layers, List<LayerIndex> indexes, FramePlan plan, LossPolicy lossPolicy,
      long zeroWallNanos, long lastDurationNanos) {
    this.info = info;
    this.plan = plan;
    this.zeroWallNanos = zeroWallNanos;
    this.lastDurationNanos = lastDurationNanos;
    this.cursors = new LayerCursor[layers.size()];
    for (int i = 0; i < cursors.length; i++) {
      cursors[i] = new LayerCursor(layers.get(i).frames(lossPolicy), indexes.get(i));
    }
  }

  @Override
  public StreamInfo info() {
    return info;
  }

  @Override
  public EncodedFrame next() {
    if (entry == plan.size()) {
      return null;
    }
    LayerCursor cursor = cursors[plan.layer(entry)];
    Frame frame = cursor.moveTo(plan.frame(entry));
    long durationNanos = durationNanos(frame);
    long ptsNanos = Math.max(0, plan.showNanos(entry) - zeroWallNanos);
    entry++;
    return new EncodedFrame(ptsNanos, durationNanos, frame.isKeyFrame(), cursor.rotationDegrees, frame.data());
  }

  // A picture stays until the next one; a sound lasts as long as its packet says, so that silence stays a gap.
  private long durationNanos(Frame frame) {
    if (!info.codec().isVideo()) {
      return OpusFrames.durationNanos(frame.data());
    }
    boolean isLast = entry == plan.size() - 1;
    return isLast ? lastDurationNanos : plan.showNanos(entry + 1) - plan.showNanos(entry);
  }

  /** Where the reading of one layer stands. */
  private static final class LayerCursor {
    private final FrameReader reader;
    private final LayerIndex index;
    private int nextFrame;
    private int rotationDegrees;

    LayerCursor(FrameReader reader, LayerIndex index) {
      this.reader = reader;
      this.index = index;
    }

    Frame moveTo(int target) {
      if (target < nextFrame) { // a replay begins, always at a key frame
        reader.moveTo(index.firstPacketOf(target));
        nextFrame = target;
      }
      Optional<Frame> frame = Optional.empty();
      while (nextFrame <= target) {
        frame = reader.next();
        rotationDegrees = reader.rotationDegrees(frame.orElseThrow(), rotationDegrees);
        nextFrame++;
      }
      return frame.orElseThrow();
    }
  }
}
