package dev.tapedeck.bench.client.ice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapedeck.bench.client.net.ClientLoop;
import dev.tapedeck.bench.client.net.DatagramHandler;
import dev.tapedeck.bench.client.net.Impairment;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class IceConnectionTest {
  private static final Duration DEADLINE = Duration.ofSeconds(20);

  private final ClientLoop loop = new ClientLoop("ice-test");
  private final BlockingQueue<byte[]> arrived = new ArrayBlockingQueue<>(16);

  @AfterEach
  void stop() {
    loop.close();
  }

  @Test
  void connectsTwoAgentsOnLoopbackAndCarriesMediaBesideStun() throws Exception {
    connectsAndCarries(LocalAddresses.loopbackOnly(), LocalAddresses.loopbackOnly());
  }

  @Test
  void reachesAnAddressOfARealInterfaceFromAllLocalAddresses() throws Exception {
    List<InetAddress> all = LocalAddresses.loopbackAndInterface();
    connectsAndCarries(all, all.subList(all.size() - 1, all.size()));
  }

  @Test
  void saysWhichCandidatesDidNotAnswer() throws Exception {
    try (IceConnection alone = open(LocalAddresses.loopbackOnly(), true, (port, remote, data, length, now) -> {})) {
      // Port 9 (discard) of loopback: nobody listens there.
      alone.start(new IceParameters("abcd", "0123456789012345678901",
          List.of(new IceCandidate("1", 1, 2130706431, "127.0.0.1", 9, "host"))));

      assertThatThrownBy(() -> alone.awaitPath(DEADLINE)).isInstanceOf(IOException.class)
          .hasMessageContaining("127.0.0.1:9");
    }
  }

  private void connectsAndCarries(List<InetAddress> ours, List<InetAddress> theirs) throws Exception {
    try (IceConnection controlling = open(ours, true, (port, remote, data, length, now) -> {});
        IceConnection controlled = open(theirs, false, this::keep)) {
      controlled.start(controlling.localParameters());
      controlling.start(controlled.localParameters());

      IcePath path = controlling.awaitPath(DEADLINE);
      controlled.awaitPath(DEADLINE);
      byte[] media = {(byte) 0x80, 96, 0, 1};
      path.send(media, 0, media.length);

      assertThat(arrived.poll(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(media);
      assertThat(theirs).contains(path.remote().getAddress());
    }
  }

  private IceConnection open(List<InetAddress> addresses, boolean controlling, DatagramHandler handler)
      throws IOException {
    return new IceConnection(loop, addresses, controlling, handler, Impairment.NONE, Impairment.NONE);
  }

  private void keep(Object port, Object remote, byte[] data, int length, long nowNanos) {
    arrived.add(Arrays.copyOf(data, length));
  }
}
