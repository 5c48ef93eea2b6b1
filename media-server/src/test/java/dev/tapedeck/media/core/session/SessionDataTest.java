package dev.tapedeck.media.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.media.core.dtls.DtlsOutput;
import dev.tapedeck.media.core.dtls.DtlsTransport;
import dev.tapedeck.media.core.limit.Limits;
import dev.tapedeck.media.core.sctp.ChannelParameters;
import dev.tapedeck.media.core.sctp.SctpAssociation;
import dev.tapedeck.media.core.sctp.SctpConfig;
import dev.tapedeck.media.core.sctp.SctpEvent;
import dev.tapedeck.media.core.sctp.SctpOutput;
import dev.tapedeck.media.core.stats.WorkerCounters;
import dev.tapedeck.media.core.timer.TimerHeap;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The channels of a session between its DTLS, here a queue, and its handler, here an echo; an association is the client. */
class SessionDataTest {
  private static final ChannelParameters DATA = ChannelParameters.reliable("data");
  private static final SctpConfig CONFIG = SctpConfig.defaults();

  private final Queue<byte[]> toClient = new ArrayDeque<>();
  private final TimerHeap timers = new TimerHeap();
  private final Client client = new Client();
  private final Echo handler = new Echo();
  private final SessionData data = new SessionData(CONFIG,
      new SessionEnvironment(null, null, timers, new WorkerCounters(), null, null, null, null,
          new SplittableRandom(1), 1, 1, Limits.defaults()),
      new QueueDtls());
  private long nowNanos = 1_000_000_000_000L;

  @BeforeEach
  void connect() {
    data.attach(handler);
    data.openNegotiated(nowNanos, 0, DATA);
    client.association.openNegotiated(nowNanos, 0, DATA, client);
    data.connect(nowNanos);
    exchange();
  }

  @Test
  void tellsItsHandlerInOrderAlsoWhatFollowsFromItsOwnCalls() {
    client.say("one");
    client.say("two");
    exchange();

    assertThat(handler.told)
        .containsExactly("Up", "ChannelOpened", "Message one", "end of one", "Message two", "end of two");
    assertThat(client.heard).containsExactly("one", "two");
  }

  @Test
  void aClosedChannelIsToldAfterTheMessageThatClosedIt() {
    client.say("close");
    exchange();
    fireNext(); // the SACK that lets the client reset its stream too
    assertThat(handler.told.subList(2, handler.told.size()))
        .containsExactly("Message close", "end of close", "ChannelClosed");
  }

  @Test
  void itsTimersRunInTheWorkersHeap() {
    data.send(nowNanos, 0, false, "lost".getBytes(StandardCharsets.UTF_8));
    toClient.clear();
    assertThat(timers.nextNanos()).isEqualTo(nowNanos + CONFIG.times().initialRtoNanos());
    fireNext();
    assertThat(client.heard).containsExactly("lost");
  }

  @Test
  void afterTheSessionNothingIsTold() {
    data.stop();
    assertThat(timers.size()).isZero();
    client.say("too late");
    exchange();
    assertThat(handler.told).containsExactly("Up", "ChannelOpened");
  }

  private void fireNext() {
    nowNanos = timers.nextNanos();
    timers.fireDue(nowNanos);
    exchange();
  }

  private void exchange() {
    while (!toClient.isEmpty() || !client.packets.isEmpty()) {
      byte[] packet;
      while ((packet = toClient.poll()) != null) {
        client.association.handlePacket(nowNanos, MemorySegment.ofArray(packet), 0, packet.length, client);
      }
      while ((packet = client.packets.poll()) != null) {
        data.receive(nowNanos, packet);
      }
    }
  }

  private final class Client implements SctpOutput {
    private final SctpAssociation association = new SctpAssociation(
        new SctpConfig(5000, 5000, true, true, 0, CONFIG.limits(), CONFIG.times()), new SplittableRandom(2));
    private final Queue<byte[]> packets = new ArrayDeque<>();
    private final List<String> heard = new ArrayList<>();

    void say(String text) {
      association.send(nowNanos, 0, false, text.getBytes(StandardCharsets.UTF_8), this);
    }

    @Override
    public void send(byte[] packet) {
      packets.add(packet);
    }

    @Override
    public void event(SctpEvent event) {
      if (event instanceof SctpEvent.Message message) {
        heard.add(new String(message.data(), StandardCharsets.UTF_8));
      }
    }
  }

  private final class Echo implements SessionHandler {
    private final List<String> told = new ArrayList<>();

    @Override
    public void data(long nowNanos, SctpEvent event) {
      if (event instanceof SctpEvent.Message message) {
        answer(nowNanos, message);
      } else {
        told.add(event.getClass().getSimpleName());
      }
    }

    private void answer(long nowNanos, SctpEvent.Message message) {
      String text = new String(message.data(), StandardCharsets.UTF_8);
      told.add("Message " + text);
      if (text.equals("close")) {
        data.close(nowNanos, 0);
      } else {
        data.send(nowNanos, 0, false, message.data());
      }
      told.add("end of " + text);
    }

    @Override
    public void connected(long nowNanos) {}

    @Override
    public void rtp(long nowNanos, long arrivalNanos, int slot, long offset, int length) {}

    @Override
    public void rtcp(long nowNanos, long arrivalNanos, long offset, int length) {}

    @Override
    public void closed(long nowNanos, CloseReason reason) {}
  }

  private final class QueueDtls implements DtlsTransport {
    @Override
    public void receive(byte[] datagram) {}

    @Override
    public Optional<DtlsOutput> poll() {
      return Optional.empty();
    }

    @Override
    public void send(byte[] packet) {
      assertThat(packet).hasSizeLessThanOrEqualTo(MAX_DATA_BYTES);
      toClient.add(packet);
    }

    @Override
    public void close() {}
  }
}
