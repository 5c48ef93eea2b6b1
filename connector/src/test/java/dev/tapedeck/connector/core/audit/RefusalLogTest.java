package dev.tapedeck.connector.core.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** the audit log cannot be filled by what is refused, and nothing refused goes without a word. */
class RefusalLogTest {
  private static final long SECOND = 1_000_000_000L;
  private final RefusalLog log = new RefusalLog();

  @Test
  void anActorHasAFewLinesAMinuteAndTheNextTellsOfTheRest() {
    assertThat(IntStream.range(0, 1_000).filter(i -> log.admit(refusal("eve", "kick_peer"), 0).isPresent()).count())
        .isEqualTo(RefusalLog.ACTOR_BURST);
    assertThat(log.admit(refusal("bob", "kick_peer"), 0).orElseThrow().detail())
        .isEqualTo("why (and 997 more of this action not listed, the last by eve)");
    assertThat(log.admit(refusal("eve", "close_room"), 0).orElseThrow().detail()).as("another action").isEqualTo("why");
    assertThat(log.admit(refusal("eve", "kick_peer"), 0)).isEmpty();
    assertThat(log.admit(refusal("eve", "kick_peer"), 61 * SECOND).orElseThrow().detail()).contains("and 1 more");
    assertThat(log.overdue(1_000 * SECOND)).as("all told").isEmpty();
  }

  @Test
  void manyNamesAreNoWayAround() {
    long lines = IntStream.range(0, 100_000)
        .filter(i -> log.admit(refusal("eve" + i, "join_hidden"), i * SECOND / 1_000).isPresent()).count();
    assertThat(lines).as("within 100 s").isBetween((long) RefusalLog.APP_BURST, RefusalLog.APP_BURST + 6L);
    assertThat(log.admit(new AuditEntry("other", 1, "eve", "join_hidden", "", "", "", "refused"), 100 * SECOND))
        .as("another app").isPresent();
  }

  @Test
  void aFloodThatIsOverIsToldOf() {
    IntStream.range(0, 10).forEach(i -> log.admit(refusal("eve", "kick_peer"), 0));
    assertThat(log.overdue(RefusalLog.QUIET_NANOS - 1)).isEmpty();
    assertThat(log.overdue(RefusalLog.QUIET_NANOS)).isEqualTo(List.of(new AuditEntry("acme", 1, "eve", "kick_peer",
        "room", "", "7 more of this action not listed, the last by eve", "refused: no")));
    assertThat(log.overdue(Long.MAX_VALUE)).isEmpty();
    assertThat(log.admit(refusal("eve", "kick_peer"), 200 * SECOND).orElseThrow().detail()).isEqualTo("why");
  }

  private static AuditEntry refusal(String actor, String action) {
    return new AuditEntry("acme", 1, actor, action, "room", "", "why", AuditEntry.outcome("no"));
  }
}
