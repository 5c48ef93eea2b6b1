package dev.tapedeck.connector.core.record;

import java.time.Duration;
import java.util.OptionalLong;

/** Decides when a recording ends, when its verdict is spoken, and when it is spoken anew. */
public final class RecordingLife {
  /** Changes of a finalized recording are gathered this long, so that twenty late chunks make one new version. */
  static final long AMEND_QUIET_MILLIS = 5_000;

  private final Limits limits;

  public RecordingLife(Limits limits) {
    this.limits = limits;
  }

  /**
   * How long we wait for what is missing.
   *
   * @param nodeLost how long a media server may be away before its rooms, sessions and recordings count as ended
   * @param upload   how long after its end a recording waits for chunks of a media server that is there
   * @param crash    how long after its end a recording waits for chunks of a media server that is gone
   */
  public record Limits(Duration nodeLost, Duration upload, Duration crash) {
    public static final Limits DEFAULT = new Limits(Duration.ofSeconds(30), Duration.ofMinutes(10), Duration.ofMinutes(10));
  }

  /**
   * What is known of one recording; times are Unix milliseconds.
   *
   * @param closedMs       when it was closed
   * @param nodeGoneMs     since when its media server is away, empty while it is there
   * @param changedMs      when its ledger last changed
   * @param hasChanged     whether the ledger changed since the verdict was last spoken
   * @param isCloseAssumed whether its media server has not told the close itself
   * @param isWhole        whether nothing more is to come of its tapes, see ChunkLedger
   */
  public record Facts(RecordingState state, OptionalLong closedMs, OptionalLong nodeGoneMs, long changedMs,
      boolean hasChanged, boolean isCloseAssumed, boolean isWhole) {
    /** A media server that is back has a word to say of a close that was assumed meanwhile. */
    private boolean isSettled() {
      return isWhole && !(isCloseAssumed && nodeGoneMs.isEmpty());
    }
  }

  /** What to do now. */
  public enum Step {
    WAIT,
    /** Its media server died: no packet will be added. */
    CLOSE,
    /** Speak the verdict. */
    FINALIZE,
    /** Speak it again, and say why. */
    AMEND
  }

  public Step next(Facts facts, long nowMillis) {
    return switch (facts.state()) {
      case ARMED, RECORDING, PAUSED -> isLost(facts.nodeGoneMs(), nowMillis) ? Step.CLOSE : Step.WAIT;
      case CLOSING -> facts.isSettled() || hasWaitedEnough(facts, nowMillis) ? Step.FINALIZE : Step.WAIT;
      case FINALIZED -> hasNews(facts, nowMillis) ? Step.AMEND : Step.WAIT;
    };
  }

  /** Whether a media server is given up that is away since then. */
  public boolean isLost(OptionalLong nodeGoneMs, long nowMillis) {
    return nodeGoneMs.isPresent() && nowMillis - nodeGoneMs.getAsLong() >= limits.nodeLost().toMillis();
  }

  private boolean hasWaitedEnough(Facts facts, long nowMillis) {
    Duration patience = facts.nodeGoneMs().isPresent() ? limits.crash() : limits.upload();
    return nowMillis - facts.closedMs().orElse(nowMillis) >= patience.toMillis();
  }

  private static boolean hasNews(Facts facts, long nowMillis) {
    return facts.hasChanged()
        && (facts.isSettled() || nowMillis - facts.changedMs() >= AMEND_QUIET_MILLIS);
  }
}
