package dev.tapedeck.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenedPartsTest {
  private final OpenedParts parts = new OpenedParts();
  private final List<String> closed = new ArrayList<>();

  @Test
  void aPartThatFailsKeepsNoOtherOpen() {
    IOException disk = new IOException("disk");
    parts.push(() -> closed.add("connector"));
    parts.push(() -> {
      closed.add("spool");
      throw disk;
    });
    parts.push(() -> closed.add("drain"));
    parts.push(() -> {
      closed.add("server");
      throw new IllegalStateException("worker 0 does not answer");
    });
    assertThatThrownBy(parts::close).isInstanceOf(IllegalStateException.class)
        .cause().hasMessage("worker 0 does not answer").hasSuppressedException(disk);
    assertThat(closed).containsExactly("server", "drain", "spool", "connector");
    parts.close();
    assertThat(closed).hasSize(4);
  }

  @Test
  void anInterruptionIsKeptForTheCaller() {
    parts.push(() -> closed.add(Thread.currentThread().isInterrupted() ? "interrupted" : "undisturbed"));
    parts.push(() -> {
      throw new InterruptedException();
    });
    assertThatThrownBy(parts::close).hasCauseInstanceOf(InterruptedException.class);
    assertThat(closed).containsExactly("undisturbed");
    assertThat(Thread.interrupted()).isTrue();
  }
}
