package dev.tapedeck.media.core.rtcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RtcpReaderTest {
  private static final String BLOCK = "0000aaaa" + "40fffffe" + "00010203" + "00000007" + "b7052000" + "00054000";
  private static final String SENDER_REPORT =
      "81c8000c" + "11223344" + "b44db70520000000" + "89abcdef" + "ffffffff" + "00000400" + BLOCK;
  private static final String SDES = "81ca0003" + "11223344" + "0103616263" + "000000";
  private static final String PLI = "81ce0002" + "00000001" + "0000aaaa";

  @Test
  void readsACompoundPacketInOrder() {
    assertThat(RtcpEvents.read(SENDER_REPORT + SDES + PLI + "82cb0002" + "00000005" + "00000006")).containsExactly(
        "SR 11223344 ntp b44db70520000000 rtp 89abcdef packets 4294967295 octets 1024 at 0+52",
        "block 11223344 of aaaa fraction 64 lost -2 highest 10203 jitter 7 lsr b7052000 dlsr 54000",
        "PLI 1 aaaa",
        "BYE 5",
        "BYE 6",
        "well-formed");
  }

  @Test
  void readsReceiverReportsWithAnyNumberOfBlocks() {
    assertThat(RtcpEvents.read("80c90001" + "00000001")).containsExactly("well-formed");
    assertThat(RtcpEvents.read("82c9000d" + "00000001" + BLOCK + BLOCK)).hasSize(3);
    assertThat(RtcpEvents.read("9fc900bb" + "00000001" + BLOCK.repeat(31))).hasSize(32);
  }

  @Test
  void acceptsFeedbackAlone() {
    assertThat(RtcpEvents.read(PLI)).containsExactly("PLI 1 aaaa", "well-formed");
  }

  @Test
  void expandsNacks() {
    assertThat(RtcpEvents.read("81cd0004" + "00000001" + "0000aaaa" + "fffe8003" + "00100000")).containsExactly(
        "NACK 1 aaaa 65534",
        "NACK 1 aaaa 65535",
        "NACK 1 aaaa 0",
        "NACK 1 aaaa 14",
        "NACK 1 aaaa 16",
        "well-formed");
  }

  @Test
  void readsEveryEntryOfAFullIntraRequest() {
    assertThat(RtcpEvents.read("84ce0006" + "0000000100000000" + "0000aaaa" + "07000000" + "0000bbbb" + "ff000000"))
        .containsExactly("FIR 1 aaaa 7", "FIR 1 bbbb 255", "well-formed");
  }

  @Test
  void readsMaximumBitrates() {
    assertThat(RtcpEvents.read("8fce0006" + "0000000100000000" + "52454d42" + "020aaaaa" + "0000aaaa" + "0000bbbb"))
        .containsExactly("REMB 1 " + (0x2aaaaL << 2) + " for 2", "stream aaaa", "stream bbbb", "well-formed");
    assertThat(RtcpEvents.read("8fce0004" + "00000001" + "00000000" + "52454d42" + "00ffffff"))
        .containsExactly("REMB 1 " + Long.MAX_VALUE + " for 0", "well-formed");
    assertThat(RtcpEvents.read("8fce0004" + "00000001" + "00000000" + "52454d43" + "00ffffff"))
        .containsExactly("well-formed");
  }

  /** A run, a vector of one bit and one of two, a small and a negative large delta, padded to 32 bits. */
  @Test
  void readsTransportFeedback() {
    List<String> events = RtcpEvents.read("8fcd0007" + "00000001" + "0000aaaa"
        + "fffe0012" + "00000209" + "2002" + "a000" + "d800" + "04" + "08" + "10" + "20" + "fffd");

    assertThat(events).startsWith(
        "TWCC 1 aaaa base 65534 statuses 18 number 9",
        "65534 at " + (2 * 64_000_000L + 1_000_000),
        "65535 at " + (2 * 64_000_000L + 3_000_000),
        "0 at " + (2 * 64_000_000L + 7_000_000),
        "1 lost");
    assertThat(events).endsWith(
        "13 lost",
        "14 at " + (2 * 64_000_000L + 15_000_000),
        "15 at " + (2 * 64_000_000L + 14_250_000),
        "well-formed");
    assertThat(events).hasSize(1 + 18 + 1);
  }

  @Test
  void refusesTransportFeedbackWithoutItsDeltasOrWithReservedSymbols() {
    String head = "00000001" + "0000aaaa" + "00010002" + "00000200";
    assertThat(RtcpEvents.read("8fcd0005" + head + "2002" + "0101")).hasSize(4).endsWith("well-formed");
    assertThat(RtcpEvents.read("8fcd0005" + head + "4002" + "0101")).containsExactly("malformed");
    assertThat(RtcpEvents.read("8fcd0005" + head + "6002" + "0101")).containsExactly("malformed");
    assertThat(RtcpEvents.read("8fcd0005" + head + "2001" + "2000")).containsExactly("malformed");
    assertThat(RtcpEvents.read("8fcd0004" + head)).containsExactly("malformed");
    assertThat(RtcpEvents.read("8fcd0005" + head.replace("00010002", "00010000") + "2002" + "0101"))
        .containsExactly("malformed");
  }

  @Test
  void tellsNothingOfAMalformedPacketAndOfWhatFollows() {
    assertThat(RtcpEvents.read(PLI + "82cb0001" + "00000005" + PLI)).containsExactly("PLI 1 aaaa", "malformed");
    assertThat(RtcpEvents.read(PLI + "82c90007" + "00000001" + BLOCK)).containsExactly("PLI 1 aaaa", "malformed");
    assertThat(RtcpEvents.read(PLI + "41ce0002" + "00000001" + "0000aaaa")).containsExactly("PLI 1 aaaa", "malformed");
    assertThat(RtcpEvents.read(PLI + "81ce0003" + "00000001" + "0000aaaa")).containsExactly("PLI 1 aaaa", "malformed");
    assertThat(RtcpEvents.read(PLI + "81ce0001" + "00000001")).containsExactly("PLI 1 aaaa", "malformed");
    assertThat(RtcpEvents.read(PLI + "81ce")).containsExactly("PLI 1 aaaa", "malformed");
    assertThat(RtcpEvents.read("")).containsExactly("malformed");
  }

  @Test
  void allowsPaddingInTheLastPacketAlone() {
    String padded = "a1ce0003" + "00000001" + "0000aaaa" + "00000004";
    assertThat(RtcpEvents.read(padded)).containsExactly("PLI 1 aaaa", "well-formed");
    assertThat(RtcpEvents.read(padded + PLI)).containsExactly("malformed");
    assertThat(RtcpEvents.read(padded.substring(0, 30) + "00")).containsExactly("malformed");
    assertThat(RtcpEvents.read(padded.substring(0, 30) + "10")).containsExactly("malformed");
    assertThat(RtcpEvents.read(padded.substring(0, 30) + "08")).containsExactly("malformed");
    assertThat(RtcpEvents.read(padded.substring(0, 30) + "03")).containsExactly("malformed");
  }

  @Test
  void allowsTransportFeedbackToFillUpItsLastWord() {
    String feedback = "afcd0005" + "00000001" + "0000aaaa" + "0001" + "0001" + "00000000" + "2001" + "04" + "01";
    assertThat(RtcpEvents.read(feedback)).last().isEqualTo("well-formed");
    assertThat(RtcpEvents.read(feedback + PLI)).endsWith("PLI 1 aaaa", "well-formed");
  }

  @Test
  void skipsTypesItDoesNotKnow() {
    assertThat(RtcpEvents.read("80cf000100000001" + "80cc000100000001" + "9fcd0002" + "0000000100000000" + PLI))
        .containsExactly("PLI 1 aaaa", "well-formed");
  }
}
