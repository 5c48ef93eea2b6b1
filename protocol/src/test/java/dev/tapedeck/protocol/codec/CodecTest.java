package dev.tapedeck.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CodecTest {
  @ParameterizedTest
  @EnumSource
  void isFoundByItsNameInAnyCase(Codec codec) {
    assertThat(Codec.bySdpName(codec.sdpName())).contains(codec);
    assertThat(Codec.bySdpName(codec.sdpName().toLowerCase())).contains(codec);
    assertThat(Codec.bySdpName(codec.sdpName().toUpperCase())).contains(codec);
  }

  @Test
  void knowsNoOthers() {
    assertThat(Codec.bySdpName("rtx")).isEmpty();
    assertThat(Codec.bySdpName("")).isEmpty();
  }
}
