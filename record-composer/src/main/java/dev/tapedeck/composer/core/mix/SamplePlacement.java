package dev.tapedeck.composer.core.mix;

/** Decides to which sample each decoded frame of one audio track belongs, so that the track stays on the recording's
 *  clock without clicks. Frames that follow closely are joined without seam and made longer or shorter by a few
 *  samples to follow the clock; a frame far from where the last one ended is put where its time says. */
public final class SamplePlacement {
  /** Up to this far from the seam a frame continues the one before: 10 ms. More is a gap or a jump. */
  private static final long SEAM_SAMPLES = 480;
  /** Samples a frame may grow or shrink: 0.4 % of 20 ms, which follows any real clock and nobody hears. */
  private static final long STRETCH_SAMPLES = 4;

  private long nextSample = Long.MIN_VALUE;

  /** @param sample where the frame's first sample belongs by its time, on the recording's axis
   *  @param count  its samples
   *  @return where it goes */
  public Place place(long sample, int count) {
    long late = nextSample == Long.MIN_VALUE ? Long.MAX_VALUE : sample - nextSample;
    Place place;
    if (Math.abs(late) <= SEAM_SAMPLES) {
      int length = (int) Math.max(1, count + Math.clamp(late, -STRETCH_SAMPLES, STRETCH_SAMPLES));
      place = new Place(nextSample, length, 0);
    } else if (late > 0) {
      place = new Place(sample, count, 0);
    } else {
      // What was already played stays; only the part of the frame after it is new.
      int skipped = (int) Math.min(count, -late);
      place = new Place(nextSample, count - skipped, skipped);
    }
    nextSample = place.sample() + place.length();
    return place;
  }

  /** @param sample  first sample on the recording's axis
   *  @param length  samples to fill; where it differs from what is left of the frame, stretch
   *  @param skipped samples to leave out at the start of the frame */
  public record Place(long sample, int length, int skipped) {}
}
