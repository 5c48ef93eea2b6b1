package dev.tapedeck.media.core.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.media.core.session.PeerSession;
import dev.tapedeck.media.core.stats.DropReason;
import dev.tapedeck.media.core.timer.TimerHeap;
import org.junit.jupiter.api.Test;

class EgressScheduleTest {
  private static final long WINDOW_NANOS = 1000;
  private static final int FULL = 4;

  private final EgressSchedule schedule = new EgressSchedule(FULL, WINDOW_NANOS);
  private final TestSessions sessions = new TestSessions(schedule);

  private void owe(PeerSession session, long nowNanos) {
    int slot = sessions.arena.allocate();
    session.queue(nowNanos, (now, memory, offset, header, payload, number, epoch, transport, dst, srtp) -> 0,
        slot, 0, 12, 100, 1, 0);
    sessions.arena.release(slot);
  }

  @Test
  void aPacketWaitsForTheWindow() {
    PeerSession session = sessions.create();
    owe(session, 100);
    owe(session, 600);
    assertThat(schedule.nextFlushNanos()).isEqualTo(100 + WINDOW_NANOS);
    schedule.flushDue(1099);
    assertThat(session.owedPackets()).isEqualTo(2);
    schedule.flushDue(1100);
    assertThat(session.owedPackets()).isZero();
    assertThat(schedule.nextFlushNanos()).isEqualTo(TimerHeap.NEVER);
  }

  @Test
  void whatCannotBeSentIsCounted() {
    PeerSession unreachable = sessions.create();
    owe(unreachable, 100);
    owe(unreachable, 100);
    unreachable.flush(200);
    assertThat(sessions.counters.drops(DropReason.NO_PATH)).isEqualTo(2);
    assertThat(sessions.arena.freeSlots()).isEqualTo(TestSessions.SLOTS);
  }

  @Test
  void enoughPacketsLeaveAtOnce() {
    PeerSession full = sessions.create();
    PeerSession waiting = sessions.create();
    owe(waiting, 100);
    for (int i = 0; i < FULL; i++) {
      owe(full, 100);
    }
    schedule.flushDue(100);
    assertThat(full.owedPackets()).isZero();
    assertThat(waiting.owedPackets()).isEqualTo(1);
    assertThat(schedule.nextFlushNanos()).isEqualTo(100 + WINDOW_NANOS);
  }

  @Test
  void whatWasFlushedBeforeItsTimeIsForgotten() {
    PeerSession session = sessions.create();
    owe(session, 100);
    session.flush(200);
    schedule.flushDue(200);
    assertThat(schedule.nextFlushNanos()).isEqualTo(TimerHeap.NEVER);
    owe(session, 300);
    assertThat(schedule.nextFlushNanos()).isEqualTo(300 + WINDOW_NANOS);
  }

  @Test
  void aQueueThatIsFullIsFlushedAtOnceAndServedAgain() {
    PeerSession session = sessions.create();
    for (int i = 0; i < 1000; i++) {
      owe(session, 100);
      assertThat(session.owedPackets()).isBetween(1, 64);
    }
    schedule.flushDue(100);
    assertThat(session.owedPackets()).isZero();
    assertThat(sessions.arena.freeSlots()).isEqualTo(TestSessions.SLOTS);
    assertThat(schedule.nextFlushNanos()).isEqualTo(TimerHeap.NEVER);
  }

  @Test
  void anyNumberOfReceiversIsServed() {
    PeerSession[] many = new PeerSession[50];
    for (int i = 0; i < many.length; i++) {
      many[i] = sessions.create();
      owe(many[i], 100 + i);
    }
    schedule.flushDue(1100 + 24);
    for (int i = 0; i < many.length; i++) {
      assertThat(many[i].owedPackets()).as("receiver %d", i).isEqualTo(i <= 24 ? 0 : 1);
    }
  }
}
