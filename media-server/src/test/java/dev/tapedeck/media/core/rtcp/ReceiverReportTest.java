package dev.tapedeck.media.core.rtcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class ReceiverReportTest {
  private static final long MS = 1_000_000;

  private final ReceiverReport report = new ReceiverReport(0xaaaa, 90_000);
  private final MemorySegment memory = MemorySegment.ofArray(new byte[32]);

  @Test
  void countsLossSinceTheStartAndSinceTheLastReport() {
    for (int i = 0; i < 100; i++) {
      if (i % 4 != 1) {
        receive(i);
      }
    }
    assertThat(block(1000 * MS)).startsWith("block 1 of aaaa fraction 64 lost 25 highest 63 ");
    for (int i = 100; i < 200; i++) {
      receive(i);
    }
    assertThat(block(2000 * MS)).startsWith("block 1 of aaaa fraction 0 lost 25 highest c7 ");
    assertThat(report.expectedPackets()).isEqualTo(200);
    assertThat(report.receivedPackets()).isEqualTo(175);
    assertThat(report.lostPackets()).isEqualTo(25);
  }

  @Test
  void extendsTheHighestSequenceNumber() {
    receive(65534);
    receive(0);
    receive(65535);
    assertThat(block(0)).startsWith("block 1 of aaaa fraction 0 lost 0 highest 10000 ");
  }

  @Test
  void countsPacketsBeforeTheFirstOne() {
    receive(0);
    receive(65535);
    receive(65534);
    assertThat(report.expectedPackets()).isEqualTo(3);
    assertThat(report.lostPackets()).isZero();
  }

  @Test
  void keepsRepairsOutOfTheNetworksLoss() {
    receive(0);
    receive(2);
    report.onPacket(0, 1, 0, true);
    assertThat(block(0)).contains("lost 1 ");
    assertThat(report.repairedPackets()).isEqualTo(1);
    assertThat(report.lostPackets()).isZero();
  }

  @Test
  void saysTheLossOfDuplicatesIsNegative() {
    receive(0);
    receive(0);
    receive(0);
    assertThat(block(0)).contains("fraction 0 lost -2 ");
  }

  /** Packets 20 ms apart, every second one 10 ms late: the transit differs by 900 ticks each time. */
  @Test
  void measuresJitter() {
    for (int i = 0; i < 1000; i++) {
      report.onPacket(i * 20 * MS + i % 2 * 10 * MS, i, i * 1800, false);
    }
    assertThat(report.jitter()).isBetween(890, 900);
  }

  @Test
  void takesNoJumpOfTheSendersClockForJitter() {
    for (int i = 0; i < 100; i++) {
      report.onPacket(i * 20 * MS, i, (i < 50 ? 0 : 1_000_000_000) + i * 1800, false);
    }
    assertThat(report.jitter()).isZero();
  }

  @Test
  void saysHowLongAgoTheLastSenderReportCame() {
    receive(1);
    assertThat(block(0)).endsWith("lsr 0 dlsr 0");
    report.onSenderReport(1000 * MS, 0xb44d_b705_2000_0000L);
    assertThat(block(6250 * MS)).endsWith("lsr b7052000 dlsr 54000");
  }

  @Test
  void followsASenderThatStartedAnew() {
    for (int i = 0; i < 10; i++) {
      receive(i);
    }
    receive(40_000);
    assertThat(report.expectedPackets()).isEqualTo(10);
    receive(40_001);
    receive(40_002);
    assertThat(report.expectedPackets()).isEqualTo(12);
    assertThat(report.lostPackets()).isZero();
  }

  private void receive(int sequenceNumber) {
    report.onPacket(0, sequenceNumber, 0, false);
  }

  private String block(long nowNanos) {
    int bytes = RtcpWriter.receiverReport(memory, 0, 32, 1, 1);
    report.writeBlock(nowNanos, memory, RtcpWriter.receiverReportBlockAt(0, 0));
    assertThat(bytes).isEqualTo(32);
    return RtcpEvents.read(memory).getFirst();
  }
}
