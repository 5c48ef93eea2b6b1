package dev.tapedeck.bench.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.bench.client.JoinTokens;
import dev.tapedeck.bench.client.TestSfu;
import dev.tapedeck.bench.client.ice.LocalAddresses;
import dev.tapedeck.bench.process.LoadTarget;
import dev.tapedeck.bench.process.ServerOptions;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ForwardLoadTest {
  private static final String SECRET = "a secret of thirty-two bytes or more";

  /** Against the small server of the kit's tests in this very process: counts are checked, times are not. */
  @Test
  void countsWhatReachesEverySubscriber() throws Exception {
    try (TestSfu sfu = new TestSfu(LocalAddresses.loopbackOnly())) {
      LoadTarget target = new LoadTarget(sfu.address(), ProcessHandle.current().pid(),
          new JoinTokens("app", SECRET, Duration.ofMinutes(1)));
      try (ForwardLoad load = new ForwardLoad(target, ServerOptions.protections("gcm"), 400)) {
        load.publish();

        ForwardRun run = load.measure(3, Duration.ofMillis(100), Duration.ofSeconds(1));

        assertThat(run.forwarded()).isPositive();
        assertThat(run.lost()).isZero();
        assertThat(run.serverCpuMicros()).isPositive();
        assertThat(run.cpuMicrosPerPacket()).isPositive();
        assertThat(run.verdict()).isEqualTo("ok");
      }
    }
  }
}
