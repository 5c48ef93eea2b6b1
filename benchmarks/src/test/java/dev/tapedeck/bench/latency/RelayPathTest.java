package dev.tapedeck.bench.latency;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.bench.client.media.SendStamp;
import dev.tapedeck.bench.client.net.ClientLoop;
import dev.tapedeck.bench.lab.Await;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RelayPathTest {
  private static final long SEED = 4;

  @Test
  void everyPacketComesThroughAndNoneBeforeItsTime() throws Exception {
    try (ClientLoop sending = ClientLoop.punctual("relay-test-out"); ClientLoop receiving = new ClientLoop("relay-test");
        RelayPath relay = new RelayPath(sending, receiving, RelayPath.Burst.of(8, 1200, 8000))) {
      relay.start(sending.nowNanos());

      Delays[] seen = {Delays.NONE};
      Await.until("packets over the relay", () -> {
        Delays taken = relay.takeDelays();
        seen[0] = taken.count() > 0 ? taken : seen[0];
        return taken.count();
      }, count -> count >= 8);

      assertThat(seen[0].p50Micros()).isPositive().isLessThanOrEqualTo(seen[0].maxMicros());
      assertThat(seen[0].curve()).isNotEmpty().allMatch(point -> point.share() >= 0 && point.share() < 1);
      assertThat(seen[0].beyond(seen[0])).isEqualTo(new Delays.Added(0, 0, 0, 0));
    }
  }

  @Test
  void aStampShowsEachChangedByte() {
    Random random = new Random(SEED);
    byte[] payload = new byte[100];
    random.nextBytes(payload);
    SendStamp stamp = new SendStamp();
    stamp.write(payload, 80, 123_456_789, 17);

    assertThat(stamp.read(payload, 0, 80)).isTrue();
    assertThat(stamp.plannedNanos()).isEqualTo(123_456_789);
    assertThat(stamp.number()).isEqualTo(17);
    for (int i = 16; i < 80; i++) {
      payload[i] ^= 1;
      assertThat(stamp.read(payload, 0, 80)).as("byte %d, seed %d", i, SEED).isFalse();
      payload[i] ^= 1;
    }
    assertThat(stamp.read(payload, 0, 79)).isFalse();
    assertThat(stamp.read(payload, 0, SendStamp.MIN_PAYLOAD_BYTES - 1)).isFalse();
  }
}
