package dev.tapedeck.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.bench.client.srtp.SrtpProtection;
import dev.tapedeck.bench.lab.Await;

/** The smallest loads that show that an adapter works: real ICE, DTLS and SRTP through the system. */
final class PeerRehearsal {
  private static final long ENOUGH_FOR_A_SAMPLE = 200;

  private PeerRehearsal() {}

  static void videoReachesSubscribers(PeerSystem system, SrtpProtection protection) throws Exception {
    rehearse(system, LoadShape.video(3, 400), protection, 1);
  }

  static void voicesReachListeners(PeerSystem system, SrtpProtection protection) throws Exception {
    rehearse(system, LoadShape.audio(2, 3), protection, 2);
  }

  private static void rehearse(PeerSystem system, LoadShape shape, SrtpProtection protection, int instance)
      throws Exception {
    try (PeerLoad load = new PeerLoad(system, shape, protection)) {
      load.join(instance);
      load.play();
      ReceivedCount count = Await.until("packets through " + system.name(), load::received,
          received -> received.packets() > ENOUGH_FOR_A_SAMPLE * shape.rooms() * shape.subscribers());
      assertThat(count.rejected()).as("packets that failed SRTP").isZero();
    }
    assertThat(system.processes().cpuMicros()).isPositive();
    assertThat(system.processes().contextSwitches()).isPositive();
  }
}
