package dev.tapedeck.media.core.sctp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against an SCTP that nobody here wrote. */
class WeriftInteropTest {
  @ParameterizedTest
  @CsvSource({"false, 0", "true, 0", "true, 0.05"})
  void messagesComeBackFromTheNegotiatedChannel(boolean isInitFromBoth, double loss) throws Exception {
    try (WeriftPeer peer = new WeriftPeer(isInitFromBoth, loss)) {
      peer.runUntil("association", peer.ours.association::isUp);
      for (int i = 0; i < 50; i++) {
        peer.ours.sendText(System.nanoTime(), 0, "message " + i);
      }
      peer.runUntil("echoes", () -> peer.ours.texts(0).size() == 50);

      assertThat(peer.ours.texts(0).getFirst()).isEqualTo("message 0");
      assertThat(peer.ours.texts(0).getLast()).isEqualTo("message 49");
      assertThat(peer.ours.texts(0)).doesNotHaveDuplicates();
    }
  }

  @Test
  void largeMessagesGoBothWays() throws Exception {
    byte[] large = new byte[256 << 10];
    new SplittableRandom(1).nextBytes(large);
    try (WeriftPeer peer = new WeriftPeer(false, 0)) {
      peer.ours.association.send(System.nanoTime(), 0, true, large, peer.ours);
      peer.runUntil("echo of 256 KiB", () -> !peer.ours.messages(0).isEmpty());

      assertThat(Arrays.equals(peer.ours.messages(0).getFirst(), large)).isTrue();
    }
  }

  @Test
  void channelsOpenAndCloseFromBothSides() throws Exception {
    try (WeriftPeer peer = new WeriftPeer(false, 0)) {
      SctpPeer ours = peer.ours;
      ChannelParameters unordered = new ChannelParameters("from us", "x", false, Reliability.FULL, 256);
      int id = ours.association.open(System.nanoTime(), unordered, ours).orElseThrow();
      peer.runUntil("our channel", () -> ours.of(SctpEvent.ChannelOpened.class).size() == 2);
      ours.sendText(System.nanoTime(), id, "hi");
      peer.runUntil("its echo", () -> ours.texts(id).equals(List.of("hi")));

      ours.sendText(System.nanoTime(), 0, "!open theirs");
      peer.runUntil("their channel", () -> ours.of(SctpEvent.ChannelOpened.class).size() == 3);
      SctpEvent.ChannelOpened theirs = ours.of(SctpEvent.ChannelOpened.class).getLast();
      assertThat(theirs.isByPeer()).isTrue();
      assertThat(theirs.parameters().label()).isEqualTo("theirs");
      ours.sendText(System.nanoTime(), theirs.channelId(), "!send 5000");
      peer.runUntil("5000 bytes", () -> ours.messages(theirs.channelId()).size() == 1);

      ours.association.close(System.nanoTime(), id, ours);
      peer.runUntil("our channel's end", () -> ours.events.contains(new SctpEvent.ChannelClosed(id)));
      ours.sendText(System.nanoTime(), theirs.channelId(), "!close");
      peer.runUntil("their channel's end", () -> ours.events.contains(new SctpEvent.ChannelClosed(theirs.channelId())));
    }
  }

  @Test
  void shutdownIsAnswered() throws Exception {
    try (WeriftPeer peer = new WeriftPeer(false, 0)) {
      peer.runUntil("association", peer.ours.association::isUp);
      peer.ours.association.shutdown(System.nanoTime(), peer.ours);
      peer.runUntil("goodbye", peer.ours.association::isClosed);

      assertThat(peer.ours.of(SctpEvent.Closed.class).getFirst().reason()).isEqualTo(SctpCloseReason.SHUTDOWN);
    }
  }
}
