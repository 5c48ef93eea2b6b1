package dev.tapedeck.bench.floor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tapedeck.bench.client.srtp.SrtpProtection;
import dev.tapedeck.bench.peers.LoadShape;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** D-19: the floor in C, compiled here; what it sends is decrypted by the clients of the kit. */
class FloorTest {
  private static FloorProgram floor;

  @BeforeAll
  static void compile() throws Exception {
    assumeTrue(FloorProgram.canBeBuilt(), FloorProgram.INSTALL);
    floor = FloorProgram.build();
  }

  @ParameterizedTest
  @CsvSource({"libcrypto,gcm,AEAD_AES_128_GCM", "libcrypto,cm,AES128_CM_HMAC_SHA1_80",
      "ipsec-mb,gcm,AEAD_AES_128_GCM", "ipsec-mb,cm,AES128_CM_HMAC_SHA1_80"})
  void servesGenuineSrtp(String crypto, String profile, SrtpProtection protection) throws Exception {
    assumeTrue(FloorProgram.knows(crypto), FloorProgram.INSTALL);
    List<String> command = floor.servedCommand(crypto, profile, LoadShape.PACKETS_PER_FRAME);
    try (FloorLoad load = new FloorLoad(command, LoadShape.video(5, 2000), protection)) {
      FloorLoad.Served served = load.measure(Duration.ZERO, Duration.ofMillis(300));
      assertThat(served.packets()).isPositive();
      assertThat(served.microsPerPacket()).isPositive();
    }
  }

  @Test
  void measuresItselfAtFullSpeed() throws Exception {
    assertThat(floor.hotMicrosPerPacket("libcrypto", "gcm", 4, 8)).isBetween(0.01, 1000.0);
  }

  @Test
  void saysWhatAnOptionMayBe() {
    assertThatThrownBy(() -> floor.hotMicrosPerPacket("libcrypto", "aes", 4, 8))
        .hasMessageContaining("--profile is gcm or cm");
  }
}
