package dev.tapedeck.media.core.bwe;

/**
 * What the path to one receiver carries, by its transport-wide feedback. Nothing is known until the path breaks: packets
 * are lost, or wait in a queue for long. Then it is a little less than what arrived, and grows again, slowly where it
 * broke before. Deliberately slow to blame the path, because there is neither pacing nor probing: what makes too much of
 * it is a layer too many. An estimate of the receiver's own (draft-alvestrand-rmcat-remb-03) is an upper bound.
 * Owned by the worker thread.
 */
public final class BandwidthEstimator {
  /** As much as anybody may want to send. */
  public static final long UNKNOWN = Long.MAX_VALUE;

  /** Audio, and something to see whether it gets better. */
  static final long LEAST_BITS_PER_SECOND = 30_000;

  /** Feedback is judged together for so long. */
  private static final long WINDOW_NANOS = 500_000_000L;

  /** Loss above this part is not chance. */
  private static final double MAX_LOSS = 0.10;
  private static final int MIN_LOST_PACKETS = 5;

  /** No network delays by so much on average but by a queue, and no busy receiver either. */
  private static final long MAX_QUEUE_NANOS = 400_000_000L;

  /** The path may be asked for more below these. */
  private static final long GOOD_QUEUE_NANOS = 100_000_000L;
  private static final double GOOD_LOSS = 0.05;

  /** Part of what arrived that is taken for safe. */
  private static final double BACK_OFF = 0.85;

  /** A queue must drain before it can be judged again. */
  private static final long BACK_OFF_INTERVAL_NANOS = 1_000_000_000L;

  /** Growth in a second, far from where the path broke and near to it. */
  private static final double GROWTH = 0.08;
  private static final double CAREFUL_GROWTH = 0.02;
  private static final double NEAR = 0.9;
  private static final double BEYOND = 1.5;

  /** More than any receiver wants: nothing needs to be known any more. */
  private static final long FREE_BITS_PER_SECOND = 50_000_000;

  /** A receiver that estimates says so every second or so; one that says nothing for so long has ceased to. */
  private static final long TOLD_FOR_NANOS = 30_000_000_000L;

  private final SentPackets sent = new SentPackets();
  private final QueueingDelay delay = new QueueingDelay();
  private long estimate = UNKNOWN;
  private long toldByReceiver = UNKNOWN;
  private long toldNanos;
  private long brokeAt;
  private long backedOffNanos = Long.MIN_VALUE;
  private boolean hasWindow;
  private long windowNanos;
  private boolean wasQueued;
  private long sentBytes;
  private long arrivedBytes;
  private int arrivedPackets;
  private int lostPackets;

  /** A packet leaves. */
  public void sent(int transportSequence, long nowNanos, int bytes) {
    sent.note(transportSequence, nowNanos, bytes);
    sentBytes += bytes;
  }

  /** A packet arrived; the time is the receiver's. */
  public void arrived(int transportSequence, long arrivalNanos) {
    if (sent.has(transportSequence)) {
      delay.note(sent.nanos(transportSequence), arrivalNanos);
      arrivedBytes += sent.bytes(transportSequence);
      arrivedPackets++;
      sent.forget(transportSequence);
    }
  }

  /** A packet had not arrived; it may still. */
  public void missing(int transportSequence) {
    if (sent.has(transportSequence)) {
      lostPackets++;
    }
  }

  /** The receiver's own estimate; holds until the next, and for {@link #TOLD_FOR_NANOS} at most. */
  public void toldByReceiver(long nowNanos, long bitsPerSecond) {
    toldNanos = nowNanos;
    toldByReceiver = Math.max(bitsPerSecond, LEAST_BITS_PER_SECOND);
  }

  /** Judges what feedback has told; several times a second. Returns bits per second or {@link #UNKNOWN}. */
  public long update(long nowNanos) {
    if (!hasWindow) {
      begin(nowNanos);
    } else if (nowNanos - windowNanos >= WINDOW_NANOS) {
      judge(nowNanos, nowNanos - windowNanos);
      begin(nowNanos);
    }
    if (nowNanos - toldNanos >= TOLD_FOR_NANOS) {
      toldByReceiver = UNKNOWN;
    }
    return Math.min(estimate, toldByReceiver);
  }

  private void begin(long nowNanos) {
    hasWindow = true;
    windowNanos = nowNanos;
    sentBytes = 0;
    arrivedBytes = 0;
    arrivedPackets = 0;
    lostPackets = 0;
    delay.begin(nowNanos);
  }

  private void judge(long nowNanos, long elapsedNanos) {
    int told = arrivedPackets + lostPackets;
    if (told == 0 && sentBytes > 0) {
      return; // no feedback
    }
    double loss = told == 0 ? 0 : lostPackets / (double) told;
    long queueNanos = delay.averageNanos();
    boolean isQueued = queueNanos > MAX_QUEUE_NANOS;
    boolean isBroken = lostPackets >= MIN_LOST_PACKETS && loss > MAX_LOSS || isQueued && wasQueued;
    wasQueued = isQueued;
    if (isBroken) {
      backOff(nowNanos, arrivedBytes * 8e9 / elapsedNanos);
    } else if (queueNanos < GOOD_QUEUE_NANOS && loss < GOOD_LOSS) {
      grow(elapsedNanos / 1e9);
    }
  }

  private void backOff(long nowNanos, double arrivedRate) {
    if (backedOffNanos != Long.MIN_VALUE && nowNanos - backedOffNanos < BACK_OFF_INTERVAL_NANOS) {
      return;
    }
    backedOffNanos = nowNanos;
    brokeAt = (long) arrivedRate;
    estimate = Math.min(estimate, Math.max((long) (BACK_OFF * arrivedRate), LEAST_BITS_PER_SECOND));
  }

  private void grow(double seconds) {
    if (estimate == UNKNOWN) {
      return;
    }
    boolean isNear = estimate > NEAR * brokeAt && estimate < BEYOND * brokeAt;
    estimate += (long) (estimate * (isNear ? CAREFUL_GROWTH : GROWTH) * seconds);
    if (estimate > FREE_BITS_PER_SECOND) {
      estimate = UNKNOWN;
    }
  }
}
