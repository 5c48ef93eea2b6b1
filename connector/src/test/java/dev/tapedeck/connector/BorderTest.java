package dev.tapedeck.connector;

import dev.tapedeck.protocol.border.CoreBorder;
import org.junit.jupiter.api.Test;

class BorderTest {
  @Test
  void coreKeepsToItself() {
    CoreBorder.check("dev.tapedeck.connector", CoreBorder.classesOf("dev.tapedeck.connector"));
  }
}
