package dev.tapedeck.protocol.id;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class IdsTest {
  @Test
  void drawsNumbersThatSurviveDoubles() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 10_000; i++) {
      long id = Ids.draw(random);
      assertThat(Ids.isNumber(id)).isTrue();
      assertThat((long) (double) id).isEqualTo(id);
    }
    assertThat(Ids.isNumber((1L << 32) - 1)).isFalse();
    assertThat(Ids.isNumber(1L << 53)).isFalse();
  }

  @Test
  void countsNamesInBytes() {
    assertThat(Ids.isName("x".repeat(128))).isTrue();
    assertThat(Ids.isName("x".repeat(129))).isFalse();
    assertThat(Ids.isName("é".repeat(64))).isTrue();
    assertThat(Ids.isName("é".repeat(65))).isFalse();
  }

  @Test
  void refusesControlCharactersAndLoneSurrogates() {
    assertThat(Ids.isName("")).isFalse();
    assertThat(Ids.isName("a\nb")).isFalse();
    assertThat(Ids.isName("a\u0000b")).isFalse();
    assertThat(Ids.isName("a\u0085b")).isFalse();
    assertThat(Ids.isName("a\uD800b")).isFalse();
    assertThat(Ids.isName("a😀b/..")).isTrue();
  }

  @Test
  void messageNamesTheField() {
    assertThatThrownBy(() -> Ids.requireName("room", "")).hasMessageStartingWith("room must be");
    assertThatThrownBy(() -> Ids.requireName("peer", null)).hasMessageStartingWith("peer must be");
  }
}
