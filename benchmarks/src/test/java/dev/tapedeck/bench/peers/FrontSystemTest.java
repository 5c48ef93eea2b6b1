package dev.tapedeck.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapedeck.bench.client.srtp.SrtpProtection;
import dev.tapedeck.bench.peers.front.FrontSystem;
import java.io.IOException;
import java.net.URI;
import org.junit.jupiter.api.Test;

class FrontSystemTest {
  @Test
  void forwardsThroughWhateverIsBehindTheFront() throws Exception {
    try (FakeFront front = new FakeFront(); FrontSystem system = FrontSystem.connect("mediasoup", front.address())) {
      PeerRehearsal.videoReachesSubscribers(system, SrtpProtection.AEAD_AES_128_GCM);

      assertThat(system.description()).isEqualTo("the kit's SFU");
      assertThat(front.open()).as("connections left behind").isZero();
    }
  }

  @Test
  void saysWhereNobodyAnswered() {
    assertThatThrownBy(() -> FrontSystem.connect("mediasoup", URI.create("http://127.0.0.1:1")))
        .isInstanceOf(IOException.class);
  }
}
