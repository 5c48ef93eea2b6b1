package dev.tapedeck.media.io.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapedeck.media.core.limit.Limit;
import dev.tapedeck.media.core.limit.Limits;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What one app, address or token may have of a server. */
class AdmissionTest {
  private static final Limits LIMITS = new Limits(3, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 10, 100);

  private final Refusals refusals = new Refusals();

  @Test
  void sessionsAreCountedForTheServerAndForEachApp() {
    SessionQuota quota = new SessionQuota(LIMITS, refusals);
    quota.take("acme");
    quota.take("acme");

    assertThatThrownBy(() -> quota.take("acme")).isInstanceOfSatisfying(HttpProblem.class, problem -> {
      assertThat(problem.status()).isEqualTo(429);
      assertThat(problem.retryAfterSeconds()).isPositive();
      assertThat(problem).hasMessageContaining("app acme has its 2 sessions")
          .hasMessageContaining("limits.app-sessions");
    });
    quota.take("other");
    assertThatThrownBy(() -> quota.take("other")).isInstanceOfSatisfying(HttpProblem.class, problem -> {
      assertThat(problem.status()).isEqualTo(503);
      assertThat(problem).hasMessageContaining("limits.sessions");
    });
    quota.giveBack("acme");
    assertThatCode(() -> quota.take("other")).doesNotThrowAnyException();
    assertThat(refusals.of(Limit.APP_SESSIONS)).isOne();
    assertThat(refusals.of(Limit.SESSIONS)).isOne();
  }

  @Test
  void aRequestCountsForTheLastAddressThatIsNoProxyOfOurs() {
    RequestLimits limits =
        new RequestLimits(LIMITS, List.of("10.0.0.1", "10.0.0.2", "fd00:1::1"), refusals, () -> 0);

    assertThat(limits.client("192.0.2.7", "198.51.100.1")).as("anybody can write that").isEqualTo("192.0.2.7");
    assertThat(limits.client("10.0.0.1", "")).isEqualTo("10.0.0.1");
    assertThat(limits.client("10.0.0.1", "198.51.100.1, 192.0.2.7, 10.0.0.2")).isEqualTo("192.0.2.7");
    assertThat(limits.client("10.0.0.1", "198.51.100.1, <script>")).isEqualTo("unknown");
    assertThat(limits.client("2001:db8:1:2::5", "")).isEqualTo(limits.client("2001:db8:1:2:aaaa::9", ""))
        .isNotEqualTo(limits.client("2001:db8:1:3::5", ""));
    assertThat(limits.client("fd00:1::1", "2001:db8:1:2::5")).isEqualTo(limits.client("2001:db8:1:2::5", ""));
    assertThat(limits.client("fd00:1::2", "2001:db8:1:2::5")).as("a neighbour of the proxy is none")
        .isEqualTo(limits.client("fd00:1::2", ""));
    assertThat(limits.client("10.0.0.1", "192.0.2.7:4711, 10.0.0.2:80")).isEqualTo("192.0.2.7");
    assertThat(limits.client("10.0.0.1", "[2001:db8:1:2::5]:4711")).isEqualTo(limits.client("2001:db8:1:2::5", ""));
    for (String none : List.of("[", "[]", "[::1", ":", "a:b:c", "192.0.2.7:80:80")) {
      assertThat(limits.client("10.0.0.1", none)).as(none).isEqualTo("unknown");
    }
  }

  @Test
  void aTokenIsForOneConnectionUntilItExpires() {
    SingleUse tokens = new SingleUse(10);

    assertThat(tokens.take("acme", "t", 100, "c1", "", 0)).isEqualTo(SingleUse.Outcome.TAKEN);
    assertThat(tokens.take("acme", "t", 100, "c2", "", 50)).isEqualTo(SingleUse.Outcome.USED);
    assertThat(tokens.take("acme", "t", 100, "c1", "", 50)).as("joins again").isEqualTo(SingleUse.Outcome.KEPT);
    assertThat(tokens.take("other", "t", 100, "c2", "", 50)).as("of another app").isEqualTo(SingleUse.Outcome.TAKEN);
    assertThat(tokens.take("acme", "t", 100, "c3", "c1", 60)).as("goes on from it").isEqualTo(SingleUse.Outcome.TAKEN);
    assertThat(tokens.take("acme", "t", 100, "c1", "", 70)).isEqualTo(SingleUse.Outcome.USED);
    assertThat(tokens.take("acme", "t", 200, "c4", "", 100)).as("forgotten").isEqualTo(SingleUse.Outcome.TAKEN);
  }

  @Test
  void aTokenWhoseConnectionDidNotComeAboutMayBeUsedAgain() {
    SingleUse tokens = new SingleUse(10);
    tokens.take("acme", "t", 100, "c1", "", 0);
    tokens.giveBack("acme", "t", "c1", "");

    assertThat(tokens.take("acme", "t", 100, "c2", "", 1)).isEqualTo(SingleUse.Outcome.TAKEN);
    tokens.giveBack("acme", "t", "c1", "");
    assertThat(tokens.take("acme", "t", 100, "c3", "", 2)).as("it is c2's by now").isEqualTo(SingleUse.Outcome.USED);
  }

  @Test
  void moreTokensThanCanBeRememberedAreRefusedForThatAppAlone() {
    SingleUse tokens = new SingleUse(2);
    tokens.take("acme", "a", 100, "c1", "", 0);
    tokens.take("acme", "b", 50, "c2", "", 0);

    assertThat(tokens.take("acme", "c", 100, "c3", "", 0)).isEqualTo(SingleUse.Outcome.TOO_MANY);
    assertThat(tokens.take("other", "c", 100, "c3", "", 0)).isEqualTo(SingleUse.Outcome.TAKEN);
    assertThat(tokens.take("acme", "c", 100, "c3", "", 50)).as("b has expired").isEqualTo(SingleUse.Outcome.TAKEN);
  }
}
