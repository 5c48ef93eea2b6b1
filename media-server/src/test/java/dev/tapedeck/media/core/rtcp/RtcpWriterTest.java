package dev.tapedeck.media.core.rtcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.protocol.rtp.Bytes;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RtcpWriterTest {
  private final MemorySegment memory = MemorySegment.ofArray(new byte[2000]);

  @Test
  void writesWhatTheReaderReads() {
    int[] missing = {65533, 65534, 1, 13, 14, 31};
    int at = RtcpWriter.senderReport(memory, 0, 100, 0x11, 0x0102030405060708L, -1, 1L << 32 | 5, 6, 1);
    new ReceiverReport(0x22, 90_000).writeBlock(0, memory, RtcpWriter.senderReportBlockAt(0, 0));
    at += RtcpWriter.sourceDescription(memory, at, 100, 0x11, "peer".getBytes(StandardCharsets.UTF_8));
    at += RtcpWriter.nack(memory, at, 100, 0x11, 0x22, missing, missing.length);
    at += RtcpWriter.pictureLoss(memory, at, 100, 0x11, 0x22);
    at += RtcpWriter.fullIntraRequest(memory, at, 100, 0x11, 0x22, 257);
    at += RtcpWriter.emptyReceiverReport(memory, at, 100, 0x11);
    at += RtcpWriter.bye(memory, at, 100, 0x11);

    assertThat(RtcpEvents.read(memory.asSlice(0, at))).containsExactly(
        "SR 11 ntp 0102030405060708 rtp ffffffff packets 5 octets 6 at 0+52",
        "block 11 of 22 fraction 0 lost 0 highest 0 jitter 0 lsr 0 dlsr 0",
        "NACK 11 22 65533", "NACK 11 22 65534", "NACK 11 22 1", "NACK 11 22 13", "NACK 11 22 14", "NACK 11 22 31",
        "PLI 11 22",
        "FIR 11 22 1",
        "BYE 11",
        "well-formed");
  }

  @Test
  void packsSeventeenSequenceNumbersIntoOneEntry() {
    int[] missing = new int[17];
    for (int i = 0; i < 17; i++) {
      missing[i] = 65530 + i & 0xFFFF;
    }
    assertThat(RtcpWriter.nack(memory, 0, 16, 1, 2, missing, 17)).isEqualTo(16);
    assertThat(hex(16)).isEqualTo("81cd0003" + "00000001" + "00000002" + "fffaffff");
  }

  @Test
  void endsSourceDescriptionsWithAtLeastOneZero() {
    for (int length = 0; length <= 255; length++) {
      memory.fill((byte) 0xFF);
      int bytes = RtcpWriter.sourceDescription(memory, 0, 300, 1, new byte[length]);
      assertThat(bytes % 4).isZero();
      assertThat(Bytes.u16(memory, 2)).isEqualTo(bytes / 4 - 1);
      for (int i = 10 + length; i < bytes; i++) {
        assertThat(Bytes.u8(memory, i)).isZero();
      }
      assertThat(bytes).isGreaterThan(10 + length);
      assertThat(Bytes.u8(memory, bytes)).isEqualTo(0xFF);
    }
  }

  @Test
  void writesNothingWithoutRoom() {
    int[] missing = {1, 100, 200};
    List<IntUnaryOperator> writers = List.of(
        room -> RtcpWriter.senderReport(memory, 0, room, 1, 2, 3, 4, 5, 2),
        room -> RtcpWriter.receiverReport(memory, 0, room, 1, 2),
        room -> RtcpWriter.sourceDescription(memory, 0, room, 1, new byte[5]),
        room -> RtcpWriter.bye(memory, 0, room, 1),
        room -> RtcpWriter.nack(memory, 0, room, 1, 2, missing, 3),
        room -> RtcpWriter.pictureLoss(memory, 0, room, 1, 2),
        room -> RtcpWriter.fullIntraRequest(memory, 0, room, 1, 2, 3));
    for (IntUnaryOperator writer : writers) {
      int bytes = writer.applyAsInt(2000);
      assertThat(bytes).isPositive();
      assertThat(writer.applyAsInt(bytes)).isEqualTo(bytes);
      assertThat(writer.applyAsInt(bytes - 1)).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void asksForExactlyTheGivenSequenceNumbers(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 500; round++) {
      int[] missing = new int[1 + random.nextInt(NackGenerator.MAX_REQUESTS)];
      int sequenceNumber = random.nextInt(1 << 16);
      RtcpEvents expected = new RtcpEvents();
      for (int i = 0; i < missing.length; i++) {
        sequenceNumber = sequenceNumber + 1 + random.nextInt(random.nextBoolean() ? 3 : 60) & 0xFFFF;
        missing[i] = sequenceNumber;
        expected.nack(1, 2, sequenceNumber);
      }
      int bytes = RtcpWriter.nack(memory, 0, 1100, 1, 2, missing, missing.length);

      List<String> read = RtcpEvents.read(memory.asSlice(0, bytes));
      assertThat(read.removeLast()).isEqualTo("well-formed");
      assertThat(read).as("seed %d, round %d", seed, round).isEqualTo(expected.lines);
    }
  }

  private String hex(int bytes) {
    return HexFormat.of().formatHex(memory.asSlice(0, bytes).toArray(Bytes.BYTE));
  }
}
