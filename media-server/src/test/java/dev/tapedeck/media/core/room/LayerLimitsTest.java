package dev.tapedeck.media.core.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.protocol.wire.Receiver;
import org.junit.jupiter.api.Test;

class LayerLimitsTest {
  @Test
  void aConfigurationThatWasNeverGivenLimitsNothing() {
    assertThat(LayerLimits.of(Receiver.Config.getDefaultInstance())).isEqualTo(LayerLimits.NONE);
  }

  @Test
  void theGreatestLayerCounts() {
    LayerLimits limits = LayerLimits.of(Receiver.Config.newBuilder().setPriority(1).setMaxSpatial(1).build());
    assertThat(limits.allows(0)).isTrue();
    assertThat(limits.allows(1)).isTrue();
    assertThat(limits.allows(2)).isFalse();
  }

  @Test
  void aLeastLayerAboveTheGreatestWins() {
    LayerLimits limits = LayerLimits.of(
        Receiver.Config.newBuilder().setPriority(1).setMaxSpatial(0).setMinSpatial(2).build());
    assertThat(limits.allows(2)).isTrue();
  }

  @Test
  void temporalLayersAreKeptTheSameWay() {
    LayerLimits limits = LayerLimits.of(
        Receiver.Config.newBuilder().setPriority(1).setMaxTemporal(1).setMinTemporal(0).build());
    assertThat(limits.maxTemporal()).isEqualTo(1);
    assertThat(LayerLimits.of(Receiver.Config.newBuilder().setPriority(1).setMinTemporal(2).build()).maxTemporal())
        .isEqualTo(2);
    assertThat(LayerLimits.of(Receiver.Config.newBuilder().setPriority(1).setMaxTemporal(-1).build()).maxTemporal())
        .isEqualTo(TemporalLayers.HIGHEST);
  }

  @Test
  void numbersAreUnsigned() {
    assertThat(LayerLimits.of(Receiver.Config.newBuilder().setPriority(1).setMaxSpatial(-1).build()).allows(100))
        .isTrue();
  }
}
