package dev.tapedeck.media;

import dev.tapedeck.media.io.clock.ClockWatch;
import dev.tapedeck.media.io.spool.Spool;
import dev.tapedeck.media.io.spool.SpoolCounters;
import dev.tapedeck.protocol.wire.Heartbeat;

/** What the connector hears of this node every few seconds. */
final class NodeHeartbeat {
  private NodeHeartbeat() {}

  /** @param sessions WHIP and WHEP connections alive */
  static Heartbeat of(Spool spool, ClockWatch clock, int sessions, long wallMillis) {
    SpoolCounters counters = spool.counters();
    return Heartbeat.newBuilder()
        .setTs(wallMillis)
        .setSessions(sessions)
        .setSpoolBytes(counters.diskBytes.get())
        .setSpoolBudgetBytes(counters.budgetBytes.get())
        .setOldestUnsentMs(counters.oldestUnsentAgeMillis(wallMillis))
        .setSpoolProblem(spool.problem().orElse(""))
        .setClock(clock.state())
        .build();
  }
}
