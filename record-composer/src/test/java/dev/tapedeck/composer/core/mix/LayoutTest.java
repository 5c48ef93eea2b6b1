package dev.tapedeck.composer.core.mix;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LayoutTest {

  @Test
  void gridGrowsWithPeople() {
    assertThat(Layout.grid(0, 1280, 720)).isEmpty();
    assertThat(Layout.grid(1, 1280, 720)).containsExactly(new Rect(0, 0, 1280, 720));
    assertThat(Layout.grid(2, 1280, 720)).containsExactly(new Rect(0, 0, 640, 720), new Rect(640, 0, 640, 720));
    assertThat(Layout.grid(4, 1280, 720)).containsExactly(new Rect(0, 0, 640, 360), new Rect(640, 0, 640, 360),
        new Rect(0, 360, 640, 360), new Rect(640, 360, 640, 360));
  }

  @Test
  void lastRowIsCentred() {
    assertThat(Layout.grid(3, 1280, 720).getLast()).isEqualTo(new Rect(320, 360, 640, 360));
  }

  @Test
  void tilesStayOnTheCanvasAndApart() {
    for (int count = 1; count <= 150; count++) {
      List<Rect> tiles = Layout.grid(count, 1280, 720);
      assertThat(tiles).hasSize(count);
      assertThat(tiles).allMatch(tile -> tile.x() + tile.width() <= 1280 && tile.y() + tile.height() <= 720);
      for (int i = 0; i < count; i++) {
        for (int j = i + 1; j < count; j++) {
          boolean apart = overlap(tiles.get(i), tiles.get(j)) == 0;
          assertThat(apart).as("tiles %d and %d of %d", i, j, count).isTrue();
        }
      }
    }
  }

  @Test
  void picturesKeepTheirAspect() {
    assertThat(new Rect(0, 0, 640, 720).fit(640, 360)).isEqualTo(new Rect(0, 180, 640, 360));
    assertThat(new Rect(0, 0, 1280, 720).fit(360, 640)).isEqualTo(new Rect(436, 0, 406, 720));
    assertThat(new Rect(100, 50, 320, 180).fit(1920, 1080)).isEqualTo(new Rect(100, 50, 320, 180));
    assertThat(new Rect(0, 0, 320, 180).fit(16_000, 2)).isEqualTo(new Rect(0, 88, 320, 2));
  }

  private static int overlap(Rect a, Rect b) {
    int width = Math.min(a.x() + a.width(), b.x() + b.width()) - Math.max(a.x(), b.x());
    int height = Math.min(a.y() + a.height(), b.y() + b.height()) - Math.max(a.y(), b.y());
    return Math.max(0, width) * Math.max(0, height);
  }
}
