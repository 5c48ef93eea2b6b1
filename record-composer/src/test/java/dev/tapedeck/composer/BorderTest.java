package dev.tapedeck.composer;

import dev.tapedeck.protocol.border.CoreBorder;
import org.junit.jupiter.api.Test;

class BorderTest {
  @Test
  void coreKeepsToItself() {
    CoreBorder.check("dev.tapedeck.composer", CoreBorder.classesOf("dev.tapedeck.composer"));
  }
}
