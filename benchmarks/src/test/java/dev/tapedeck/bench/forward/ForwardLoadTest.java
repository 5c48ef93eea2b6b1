package dev.tapedeck.bench.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.bench.client.JoinTokens;
import dev.tapedeck.bench.client.TestSfu;
import dev.tapedeck.bench.client.ice.LocalAddresses;
import dev.tapedeck.bench.load.LoadRun;
import dev.tapedeck.bench.process.LoadTarget;
import dev.tapedeck.bench.process.ServerOptions;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ForwardLoadTest {
  private static final String SECRET = "a secret of thirty-two bytes or more";

  /** Against the small server of the kit's tests in this very process: counts are checked, times are not. */
  @Test
  void countsWhatReachesEverySubscriberAndTimesTheSample() throws Exception {
    try (TestSfu sfu = new TestSfu(LocalAddresses.loopbackOnly())) {
      LoadTarget target = new LoadTarget(sfu.address(), ProcessHandle.current().pid(),
          new JoinTokens("app", SECRET, Duration.ofMinutes(1)));
      try (ForwardLoad load = new ForwardLoad(target, ServerOptions.protections("gcm"), 400)) {
        load.publish();
        load.watch(4);

        LoadRun run = load.measure(Duration.ofMillis(100), Duration.ofSeconds(1));

        System.out.println(run.toText());
        assertThat(run.sessions()).isEqualTo(4);
        assertThat(run.traffic().packets()).isPositive();
        assertThat(run.traffic().lost()).isZero();
        assertThat(run.traffic().checked()).isBetween(run.traffic().packets() / 2, run.traffic().packets());
        assertThat(run.traffic().broken()).isZero();
        assertThat(run.traffic().rejected()).isZero();
        assertThat(run.serverCpuMicros()).isPositive();
        assertThat(run.latency().relay().count()).isPositive();
        assertThat(run.latency().subscribers()).containsOnlyKeys("first", "middle", "last");
        assertThat(run.latency().subscribers().values()).allSatisfy(delays -> {
          assertThat(delays.count()).isPositive();
          assertThat(delays.maxMicros()).isGreaterThanOrEqualTo(delays.p50Micros()).isPositive();
        });
      }
    }
  }
}
