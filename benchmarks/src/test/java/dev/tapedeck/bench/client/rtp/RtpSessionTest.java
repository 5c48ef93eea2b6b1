package dev.tapedeck.bench.client.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.bench.client.net.ClientLoop;
import dev.tapedeck.bench.client.net.Impairment;
import dev.tapedeck.bench.client.net.SeededImpairment;
import dev.tapedeck.bench.client.sdp.Codec;
import dev.tapedeck.bench.client.sdp.HeaderExtension;
import dev.tapedeck.bench.client.srtp.SrtpMasterKeys;
import dev.tapedeck.bench.client.srtp.SrtpProtection;
import dev.tapedeck.bench.client.srtp.SrtpSession;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two sessions of the kit that talk to each other over an impaired wire, with real SRTP. */
class RtpSessionTest {
  private static final long SEED = 20;
  private static final int PACKETS = 2000;

  private final ClientLoop loop = new ClientLoop("rtp-test");
  private final List<Integer> delivered = new ArrayList<>();
  private final List<OutgoingStream> keyFrameRequests = new ArrayList<>();
  private final SentLog log = new SentLog();
  private long lostForConsumer;
  private RtpSession publisher;
  private RtpSession watcher;

  @AfterEach
  void stop() {
    loop.close();
  }

  @ParameterizedTest
  @EnumSource(SrtpProtection.class)
  void repairsEveryLossAndDeliversInOrder(SrtpProtection protection) {
    System.out.println("impairment seed " + SEED);
    connect(protection, new SeededImpairment(SEED,
        new SeededImpairment.Rates(0.05, 2_000_000, 1_000_000, 0.05, 5_000_000, true)), true);
    RtpSender sender = loop.call(() -> publisher.addSender(video()));
    sendPaced(sender);

    // A lost last packet is seen only by those after it, so the number sent at the end is a few more.
    await(() -> loop.call(() -> delivered.size()) >= PACKETS - 20 && missing() == 0);

    SlotStats slot = loop.call(() -> watcher.stats()).slots().getFirst();
    assertThat(slot.lost()).isZero();
    assertThat(slot.repaired()).isPositive();
    assertThat(loop.call(() -> publisher.stats()).retransmitted()).isGreaterThanOrEqualTo(slot.repaired());
    assertInOrder(loop.call(() -> List.copyOf(delivered)));
    assertThat(lostForConsumer).isZero();
  }

  @Test
  void givesUpWhatNobodyRepairsAndGoesOn() {
    connect(SrtpProtection.AEAD_AES_128_GCM, new SeededImpairment(SEED, SeededImpairment.Rates.loss(0.05)), false);
    RtpSender sender = loop.call(() -> publisher.addSender(video()));
    sendPaced(sender);

    await(() -> loop.call(() -> delivered.size()) + loop.call(() -> lostForConsumer) >= PACKETS - 20
        && missing() == 0);

    SlotStats slot = loop.call(() -> watcher.stats()).slots().getFirst();
    assertThat(slot.lost()).isPositive().isEqualTo(lostForConsumer);
    assertThat(slot.repaired()).isZero();
    assertInOrder(loop.call(() -> List.copyOf(delivered)));
  }

  @Test
  void exchangesReportsFeedbackAndKeyFrameRequests() {
    connect(SrtpProtection.AEAD_AES_128_GCM, Impairment.NONE, true);
    RtpSender sender = loop.call(() -> publisher.addSender(video()));
    sendPaced(sender);
    await(() -> loop.call(() -> delivered.size()) == PACKETS);
    loop.execute(() -> watcher.requestKeyFrame("1"));

    await(() -> {
      SessionStats seen = loop.call(() -> publisher.stats());
      return seen.transportAcknowledged() == PACKETS && seen.receiverReportBlocks() > 0
          && seen.keyFrameRequests() == 1 && loop.call(() -> watcher.stats()).senderReportsReceived() > 0;
    });

    SessionStats seen = loop.call(() -> publisher.stats());
    assertThat(seen.transportNotReceived()).isZero();
    assertThat(seen.malformedRtcp()).isZero();
    assertThat(seen.rejected()).isZero();
    assertThat(keyFrameRequests).extracting(OutgoingStream::mid).containsExactly("1");
    assertThat(log.packetsSent()).isEqualTo(PACKETS);
  }

  @Test
  void countsByClearHeadersAndDecryptsASample() {
    connect(SrtpProtection.AEAD_AES_128_GCM, new SeededImpairment(SEED, SeededImpairment.Rates.loss(0.02)), false, 16);
    RtpSender sender = loop.call(() -> publisher.addSender(video()));
    sendPaced(sender);

    await(() -> {
      SlotStats slot = loop.call(() -> watcher.stats()).slots().getFirst();
      return slot.received() + slot.lost() >= PACKETS - 20;
    });

    SessionStats stats = loop.call(() -> watcher.stats());
    assertThat(stats.slots().getFirst().lost()).isPositive();
    assertThat(stats.rejected()).isZero();
  }

  private void connect(SrtpProtection protection, Impairment toWatcher, boolean repairs) {
    connect(protection, toWatcher, repairs, 1);
  }

  private void connect(SrtpProtection protection, Impairment toWatcher, boolean repairs, int decryptOneIn) {
    byte[] material = new byte[protection.exportedBytes()];
    new Random(1).nextBytes(material);
    SrtpMasterKeys keys = SrtpMasterKeys.cut(protection, material);
    publisher = session(keys, true, new RtpSessionSettings("pub", true, true, 1), toWatcher, 1);
    watcher = session(keys, false, new RtpSessionSettings("watch", repairs, true, decryptOneIn), Impairment.NONE, 2);
    loop.call(() -> {
      watcher.addSlot(new IncomingMedia("1", Map.of(96, 90_000), Map.of(97, 96), 4, 3, true), List.of(),
          new Recorder());
      publisher.start();
      watcher.start();
      return null;
    });
  }

  private RtpSession session(SrtpMasterKeys keys, boolean isPublisher, RtpSessionSettings settings, Impairment wire,
      long seed) {
    return new RtpSession(loop, settings, new SrtpSession(keys, isPublisher), (data, offset, length) -> {
      long delayNanos = wire.decide(data, offset, length, loop.nowNanos());
      if (delayNanos == Impairment.DROP) {
        return;
      }
      byte[] copy = new byte[2048];
      System.arraycopy(data, offset, copy, 0, length);
      loop.schedule(loop.nowNanos() + delayNanos,
          () -> (isPublisher ? watcher : publisher).onDatagram(copy, length, loop.nowNanos()));
    }, new Random(seed), log, keyFrameRequests::add, PacketTap.NONE);
  }

  private static OutgoingStream video() {
    return new OutgoingStream("1", "", 1000, 1001, Codec.vp8(96, 97),
        Map.of(HeaderExtension.MID, 4, HeaderExtension.TRANSPORT_CC, 3, HeaderExtension.ABS_SEND_TIME, 2));
  }

  /** 2,000 packets in bursts of four, one burst per millisecond. */
  private void sendPaced(RtpSender sender) {
    long startNanos = loop.nowNanos();
    for (int burst = 0; burst < PACKETS / 4; burst++) {
      int first = burst * 4;
      loop.schedule(startNanos + TimeUnit.MILLISECONDS.toNanos(burst), () -> {
        for (int i = first; i < first + 4; i++) {
          byte[] payload = new byte[100];
          Ints.put32(payload, 0, i);
          sender.send(payload, payload.length, first * 90L, i == first + 3, first / 4, loop.nowNanos());
        }
      });
    }
  }

  private long missing() {
    return loop.call(() -> watcher.stats()).slots().getFirst().missing();
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  private static void assertInOrder(List<Integer> numbers) {
    for (int i = 1; i < numbers.size(); i++) {
      assertThat(numbers.get(i)).isGreaterThan(numbers.get(i - 1));
    }
  }

  private final class Recorder implements PacketConsumer {
    @Override
    public void onPacket(RtpPacket packet) {
      delivered.add((int) Ints.u32(packet.data(), packet.payloadOffset()));
    }

    @Override
    public void onLoss(long packets) {
      lostForConsumer += packets;
    }
  }
}
