package dev.tapedeck.media.core.srtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SrtpStreamsTest {
  @Test
  void findsEveryStreamAgainUntilItIsFull() {
    for (int max : new int[] {1, 2, 3, 8, 64, 100}) {
      SrtpStreams streams = new SrtpStreams(max);
      SplittableRandom random = new SplittableRandom(max);
      Map<Integer, ReplayWindow> expected = new HashMap<>();
      expected.put(0, streams.add(streams.slot(0), 0));
      while (!streams.isFull()) {
        int ssrc = random.nextBoolean() ? random.nextInt() : random.nextInt(1000);
        if (!expected.containsKey(ssrc)) {
          assertThat(streams.window(streams.slot(ssrc))).isNull();
          expected.put(ssrc, streams.add(streams.slot(ssrc), ssrc));
        }
      }
      assertThat(streams.count()).isEqualTo(max);
      expected.forEach((ssrc, window) -> assertThat(streams.window(streams.slot(ssrc))).isSameAs(window));
      assertThat(streams.window(streams.slot(-1))).isNull();
    }
  }
}
