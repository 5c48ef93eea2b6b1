package dev.tapedeck.media.io.spool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.media.core.record.RecordTap;
import dev.tapedeck.protocol.chunk.ChunkSamples;
import dev.tapedeck.protocol.wire.TapeOpened;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The last words of a spool. */
class SpoolFinishTest {
  private static final long BAD = 1L << 33;
  private static final long GOOD = 1L << 34;

  /** A mistake of ours in one tape must not cost the others what was taped since the last force. */
  @Test
  void oneMessageThatFailsKeepsNoOtherFromTheDisk() throws IOException {
    SimDisk disk = new SimDisk(new SplittableRandom(1));
    Spool spool = Spool.recover(SpoolStage.config(1 << 20, 1 << 20, 1 << 30), disk, Optional.empty(),
        new Spool.Surroundings(new SpoolStage.Store(), new ChunkPut(Duration.ofSeconds(1)), new FailsAt(BAD),
            Optional.of(Runnable::run), new SplittableRandom(1), () -> 0, () -> 0), Duration.ZERO);
    talk(spool, BAD);
    talk(spool, GOOD);
    spool.finish();
    disk.crashMachine();
    assertThat(sessions(disk)).contains(GOOD);
  }

  private static void talk(Spool spool, long session) {
    RecordTap tap = SpoolStage.tap(spool.sink(), "room", session);
    SpoolStage.talk(tap, tap.addTrack(0, ChunkSamples.video()), 0, 100);
  }

  private static Set<Long> sessions(SimDisk disk) throws IOException {
    Set<Long> found = new HashSet<>();
    new Journal(disk, 1 << 20, 1 << 30, Runnable::run, new SpoolCounters()).open(frame -> found.add(frame.session));
    return found;
  }

  private static final class FailsAt extends UnheardEvents {
    private final long session;

    FailsAt(long session) {
      this.session = session;
    }

    @Override
    public void tapeOpened(TapeOpened event) {
      if (event.getTape().getSession() == session) {
        throw new IllegalStateException("made to fail");
      }
    }
  }
}
