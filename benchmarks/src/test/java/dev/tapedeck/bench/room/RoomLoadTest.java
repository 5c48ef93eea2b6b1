package dev.tapedeck.bench.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.bench.client.JoinTokens;
import dev.tapedeck.bench.client.TestSfu;
import dev.tapedeck.bench.client.ice.LocalAddresses;
import dev.tapedeck.bench.process.LoadTarget;
import dev.tapedeck.bench.process.ServerOptions;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RoomLoadTest {
  private static final String SECRET = "a secret of thirty-two bytes or more";

  /** Against the small server of the kit's tests in this very process: counts are checked, times are not. */
  @Test
  void everySubscriberIsCountedAndTimed() throws Exception {
    try (TestSfu sfu = new TestSfu(LocalAddresses.loopbackOnly())) {
      LoadTarget target = new LoadTarget(sfu.address(), ProcessHandle.current().pid(),
          new JoinTokens("app", SECRET, Duration.ofMinutes(1)));
      try (RoomLoad load = new RoomLoad(target, ServerOptions.protections("gcm"), 40)) {
        load.publish(2);

        RoomReport report = load.measure(3, Duration.ofMillis(100), Duration.ofSeconds(1));

        assertThat(report.run().subscribers()).isEqualTo(3);
        assertThat(report.run().forwarded()).isPositive();
        assertThat(report.run().lost()).isZero();
        assertThat(report.joins()).hasSize(3).allMatch(Duration::isPositive);
        assertThat(report.joinMillis(0.99)).isGreaterThanOrEqualTo(report.joinMillis(0.5));
      }
    }
  }
}
