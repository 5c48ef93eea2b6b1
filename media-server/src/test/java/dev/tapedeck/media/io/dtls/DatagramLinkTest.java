package dev.tapedeck.media.io.dtls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

class DatagramLinkTest {
  private static final int QUEUED_DATAGRAMS = 32;

  private final Semaphore computing = new Semaphore(1);
  private final DatagramLink link = new DatagramLink(datagram -> {}, computing);
  private final byte[] buffer = new byte[100];

  @Test
  void keepsSoManyDatagramsAndNoMore() throws IOException {
    for (int i = 0; i < QUEUED_DATAGRAMS; i++) {
      assertThat(link.offer(new byte[i + 1])).isTrue();
    }
    assertThat(link.offer(new byte[1])).isFalse();
    for (int i = 0; i < QUEUED_DATAGRAMS; i++) {
      assertThat(link.receive(buffer, 0, buffer.length, 1)).isEqualTo(i + 1);
    }
    assertThat(link.receive(buffer, 0, buffer.length, 1)).isEqualTo(-1);
  }

  @Test
  void ignoresWhatIsLongerThanAsked() throws IOException {
    link.offer(new byte[101]);

    assertThat(link.receive(buffer, 0, buffer.length, 1)).isEqualTo(-1);
  }

  @Test
  void holdsItsPermitOnlyWhileComputing() throws IOException {
    link.startComputing();
    assertThat(computing.availablePermits()).isZero();

    assertThat(link.receive(buffer, 0, buffer.length, 1)).isEqualTo(-1);
    assertThat(computing.availablePermits()).as("taken again after the wait").isZero();

    link.stopComputing();
    link.stopComputing();
    assertThat(computing.availablePermits()).isEqualTo(1);
  }

  @Test
  void endsEveryReceiveOnceAborted() {
    link.abort();

    assertThatThrownBy(() -> link.receive(buffer, 0, buffer.length, 1)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> link.receive(buffer, 0, buffer.length, 1)).isInstanceOf(IOException.class);
  }
}
