package dev.tapedeck.media.core.sctp;

import static dev.tapedeck.media.core.sctp.ScriptedPeer.INIT;
import static dev.tapedeck.media.core.sctp.ScriptedPeer.INIT_INTERLEAVING;
import static dev.tapedeck.media.core.sctp.ScriptedPeer.TAG;
import static dev.tapedeck.media.core.sctp.ScriptedPeer.cookieIn;
import static dev.tapedeck.media.core.sctp.ScriptedPeer.hex;
import static dev.tapedeck.media.core.sctp.ScriptedPeer.lengthOf;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Chunks byte by byte as the RFCs draw them. The peer's first TSN is two before the number wraps around. */
class SctpWireTest {
  private static final long SECOND = 1_000_000_000;
  private static final ChannelParameters DATA = ChannelParameters.reliable("data");

  private final ScriptedPeer peer = new ScriptedPeer();

  @BeforeEach
  void openChannelZero() {
    assertThat(peer.ours.association.openNegotiated(0, 0, DATA, peer.ours)).isTrue();
  }

  /** RFC 9260 §3.3.2; RFC 5061 §4.2.7; RFC 3758 §3.1. */
  @Test
  void initNamesWindowStreamsAndExtensions() {
    peer.ours.association.connect(peer.nowNanos, peer.ours);

    String init = peer.answers().getFirst();
    assertThat(init).startsWith("01000020").hasSize(64);
    assertThat(init.substring(16, 32)).isEqualTo("00100000" + "0400" + "0400");
    assertThat(init.substring(40)).isEqualTo("80080008" + "82c040c2" + "c0000004");
  }

  @Test
  void initIsAnsweredUnderThePeersTag() {
    peer.ours.receive(peer.nowNanos, peer.packet(0, INIT));

    byte[] packet = peer.ours.packets.peek();
    assertThat(ScriptedPeer.HEX.formatHex(packet, 4, 8)).isEqualTo(TAG);
    String initAck = peer.answers().getFirst();
    assertThat(initAck).startsWith("0200");
    assertThat(cookieIn(initAck)).hasSize(2 * (StateCookie.BYTES + 32));
  }

  @Test
  void dataIsAcknowledgedAndDelivered() {
    peer.established(INIT);
    assertThat(peer.say(data(0, 3, 0, 51, "6869"))).isEmpty(); // the SACK may wait
    assertThat(peer.ours.texts(0)).containsExactly("hi");
    assertThat(peer.waitFor(SECOND / 5)).containsExactly("03000010" + "fffffffe" + "00100000" + "00000000");
  }

  @Test
  void everySecondPacketIsAcknowledgedAtOnceAndTsnsWrapAround() {
    peer.established(INIT);
    peer.say(data(0, 3, 0, 51, "61"));
    assertThat(peer.say(data(1, 3, 1, 51, "62"))).containsExactly("03000010" + "ffffffff" + "00100000" + "00000000");
    peer.say(data(2, 3, 2, 51, "63"));
    assertThat(peer.say(data(3, 3, 3, 51, "64"))).containsExactly("03000010" + "00000001" + "00100000" + "00000000");
    assertThat(peer.ours.texts(0)).containsExactly("a", "b", "c", "d");
  }

  /** Flag I of RFC 7053. */
  @Test
  void theImmediateFlagIsHeeded() {
    peer.established(INIT);
    assertThat(peer.say(data(0, 3 | 8, 0, 51, "61"))).hasSize(1);
  }

  /** RFC 9260 §3.3.4: gap blocks count from the cumulative TSN; held bytes narrow the window. */
  @Test
  void sackShowsGapsAndDuplicates() {
    peer.established(INIT);
    peer.say(data(0, 3, 0, 51, "61"));
    assertThat(peer.say(data(2, 3, 2, 51, "63")))
        .containsExactly("03000014" + "fffffffe" + "000fffbf" + "0001" + "0000" + "00020002");
    assertThat(peer.say(data(3, 3, 3, 51, "64"), data(6, 3, 6, 51, "67")))
        .containsExactly("03000018" + "fffffffe" + "000fff3d" + "0002" + "0000" + "00020003" + "00060006");
    assertThat(peer.say(data(2, 3, 2, 51, "63")))
        .containsExactly("0300001c" + "fffffffe" + "000fff3d" + "0002" + "0001" + "00020003" + "00060006" + "00000000");
    peer.say(data(1, 3, 1, 51, "62"));
    assertThat(peer.ours.texts(0)).containsExactly("a", "b", "c", "d");
  }

  @Test
  void fragmentsMakeOneMessageInWhateverOrder() {
    peer.established(INIT);
    peer.say(data(2, 1, 0, 53, "63"));
    peer.say(data(0, 2, 0, 53, "61"));
    assertThat(peer.ours.messages(0)).isEmpty();
    peer.say(data(1, 0, 0, 53, "62"));
    assertThat(peer.ours.texts(0)).containsExactly("abc");
    peer.say(data(5, 4 | 1, 0, 53, "66"));
    peer.say(data(6, 4 | 3, 0, 53, "67"));
    peer.say(data(4, 4, 0, 53, "65"));
    peer.say(data(3, 4 | 2, 0, 53, "64"));
    assertThat(peer.ours.texts(0)).containsExactly("abc", "g", "def");
    assertThat(peer.ours.association.receiveBufferBytes()).isZero();
  }

  @Test
  void ourDataLooksLikeThis() {
    peer.established(INIT);
    peer.ours.sendText(peer.nowNanos, 0, "hello");
    assertThat(peer.answers())
        .containsExactly("00030015" + hex(peer.ourFirstTsn) + "0000" + "0000" + "00000033" + "68656c6c6f");
    peer.ours.association.send(peer.nowNanos, 0, true, new byte[0], peer.ours);
    assertThat(peer.answers())
        .containsExactly("00030011" + hex(peer.ourFirstTsn + 1) + "0000" + "0001" + "00000039" + "00");
  }

  /** RFC 8260 §2.1: MID in place of the SSN, and the FSN where the first fragment has its PPID. */
  @Test
  void ourInterleavedDataLooksLikeThis() {
    peer.established(INIT_INTERLEAVING);
    peer.ours.association.send(peer.nowNanos, 0, true, new byte[1200], peer.ours);
    List<String> chunks = peer.answers();
    assertThat(chunks).hasSize(2);
    assertThat(chunks.get(0)).startsWith("4002" + "0470" + hex(peer.ourFirstTsn) + "00000000" + "00000000" + "00000035");
    assertThat(chunks.get(1)).startsWith("4001" + "0068" + hex(peer.ourFirstTsn + 1) + "00000000" + "00000000" + "00000001");
  }

  @Test
  void interleavedMessagesAreKeptApart() {
    peer.established(INIT_INTERLEAVING);
    peer.say(iData(0, 2, 0, 53, "61"));
    peer.say(iData(1, 4 | 2, 0, 53, "78"));
    peer.say(iData(2, 1, 0, 1, "62"));
    peer.say(iData(3, 4 | 1, 0, 1, "79"));
    assertThat(peer.ours.texts(0)).containsExactly("ab", "xy");
    assertThat(peer.say(data(4, 3, 0, 53, "61")).getLast()).startsWith("0600"); // the wrong form ends it
  }

  /** RFC 9260 §7.2.4: the third SACK that shows a gap brings the chunk again. */
  @Test
  void threeMissesBringAChunkAgain() {
    peer.established(INIT);
    for (int i = 0; i < 5; i++) {
      peer.ours.sendText(peer.nowNanos, 0, "m" + i);
    }
    peer.answers();
    assertThat(peer.say(sack(-1, "00020002"))).isEmpty();
    assertThat(peer.say(sack(-1, "00020003"))).isEmpty();
    assertThat(peer.say(sack(-1, "00020004"))).singleElement().asString().endsWith("6d30");
    assertThat(peer.say(sack(4))).isEmpty();
    assertThat(peer.ours.association.bufferedBytes(0)).isZero();
  }

  @Test
  void whatTheTimerFindsLostIsSentAgainAndDoubled() {
    peer.established(INIT);
    peer.ours.sendText(peer.nowNanos, 0, "m");
    String sent = peer.answers().getFirst();
    assertThat(peer.waitFor(SECOND - 1)).isEmpty();
    assertThat(peer.waitFor(1)).containsExactly(sent);
    assertThat(peer.waitFor(2 * SECOND - 1)).isEmpty();
    assertThat(peer.waitFor(1)).containsExactly(sent);
  }

  /** RFC 9260 §6.1, A. */
  @Test
  void aClosedWindowIsProbedWithOneChunk() {
    peer.established(INIT);
    peer.ours.sendText(peer.nowNanos, 0, "first");
    peer.answers();
    peer.say("03000010" + hex(peer.ourFirstTsn) + "00000000" + "00000000");
    peer.ours.sendText(peer.nowNanos, 0, "probe");
    assertThat(peer.answers()).hasSize(1);
    peer.ours.sendText(peer.nowNanos, 0, "held back");
    assertThat(peer.answers()).isEmpty();
    for (int i = 0; i < 40; i++) { // a busy peer is no dead one
      peer.waitFor(10 * SECOND);
      peer.say("03000010" + hex(peer.ourFirstTsn) + "00000000" + "00000000");
    }
    assertThat(peer.ours.association.isUp()).isTrue();
    assertThat(peer.say(sack(1)).getLast()).endsWith(text("held back"));
  }

  /** RFC 3758 §3.2 and §3.5. */
  @Test
  void whatIsGivenUpIsForwarded() {
    ChannelParameters once = new ChannelParameters("", "", true, new Reliability.Retransmits(0), 256);
    peer.ours.association.openNegotiated(0, 7, once, peer.ours);
    peer.established(INIT);
    peer.ours.sendText(peer.nowNanos, 7, "gone");
    peer.answers();
    assertThat(peer.waitFor(SECOND)).containsExactly("c000000c" + hex(peer.ourFirstTsn) + "0007" + "0000");
    assertThat(peer.ours.association.bufferedBytes(7)).isZero();
  }

  @Test
  void whatThePeerGivesUpIsNotWaitedFor() {
    peer.established(INIT);
    peer.say(data(1, 3, 1, 51, "62"));
    assertThat(peer.ours.texts(0)).isEmpty();
    assertThat(peer.say("c000000c" + "fffffffe" + "0000" + "0000"))
        .containsExactly("03000010" + "ffffffff" + "00100000" + "00000000");
    assertThat(peer.ours.texts(0)).containsExactly("b");
  }

  /** RFC 6525 §4.1 and §4.4; RFC 8831 §6.7. */
  @Test
  void closingResetsTheStreamBothWays() {
    peer.established(INIT);
    peer.ours.association.close(peer.nowNanos, 0, peer.ours);
    assertThat(peer.answers()).containsExactly("82000016" + "000d0012" + hex(peer.ourFirstTsn) + "fffffffd"
        + hex(peer.ourFirstTsn - 1) + "0000");
    peer.say("82000010" + "0010000c" + hex(peer.ourFirstTsn) + "00000001");
    assertThat(peer.ours.told(SctpEvent.ChannelClosed.class)).isFalse();
    String reset = "82000016" + "000d0012" + "fffffffe" + hex(peer.ourFirstTsn) + "fffffffd" + "0000";
    String done = "82000010" + "0010000c" + "fffffffe" + "00000001";
    assertThat(peer.say(reset)).containsExactly(done);
    assertThat(peer.ours.of(SctpEvent.ChannelClosed.class)).containsExactly(new SctpEvent.ChannelClosed(0));
    assertThat(peer.say(reset)).containsExactly(done); // asked again because our answer was lost
    assertThat(peer.say(reset.replace("fffffffe", "00000077"))).containsExactly(
        "82000010" + "0010000c" + "00000077" + "00000005");
  }

  @Test
  void aResetWaitsForDataSentBeforeIt() {
    peer.established(INIT);
    String reset = "82000016" + "000d0012" + "fffffffe" + hex(peer.ourFirstTsn) + "fffffffe" + "0000";
    assertThat(peer.say(reset)).containsExactly("82000010" + "0010000c" + "fffffffe" + "00000006");
    peer.say(data(0, 3, 0, 51, "61"));
    assertThat(peer.say(reset)).contains("82000010" + "0010000c" + "fffffffe" + "00000001");
    assertThat(peer.ours.texts(0)).containsExactly("a");
  }

  /** RFC 8832 §5: label "ab", protocol "c", three retransmits, unordered. */
  @Test
  void dcepIsReadAndWritten() {
    peer.established(INIT);
    String open = "03" + "81" + "0100" + "00000003" + "0002" + "0001" + "616263";
    assertThat(peer.say(data(0, 3, 4, 0, 50, open)).getLast()).endsWith("0004" + "0000" + "00000032" + "02");
    ChannelParameters parameters = new ChannelParameters("ab", "c", false, new Reliability.Retransmits(3), 256);
    assertThat(peer.ours.of(SctpEvent.ChannelOpened.class)).contains(new SctpEvent.ChannelOpened(4, parameters, true));
    assertThat(ScriptedPeer.HEX.formatHex(Dcep.open(parameters))).isEqualTo(open);

    // odd ids are ours: it is refused by a reset of the stream (RFC 8832 §6)
    assertThat(peer.say(sack(0), data(1, 3, 5, 0, 50, open))).anyMatch(chunk -> chunk.startsWith("8200"));
    assertThat(peer.ours.association.counters().drops(SctpDropReason.REFUSED_OPEN)).isEqualTo(1);
  }

  /** RFC 9260 §3.2: what to do with chunks nobody here knows stands in their two high bits. */
  @Test
  void unknownChunksDoAsTheirHighBitsSay() {
    peer.established(INIT);
    String known = "04000008" + "00010004";
    String answer = "05000008" + "00010004";
    assertThat(peer.say("3f000004", known)).isEmpty();
    assertThat(peer.say("7f000004", known)).containsExactly("0900000c" + "00060008" + "7f000004");
    assertThat(peer.say("bf000004", known)).containsExactly(answer);
    assertThat(peer.say("ff000004", known)).containsExactly("0900000c" + "00060008" + "ff000004", answer);
  }

  /** RFC 9260 §3.2.1, in INIT: the unknown parameter is reported in INIT ACK, or not, and may hide what follows it. */
  @Test
  void unknownParametersDoAsTheirHighBitsSay() {
    String fixed = TAG + "00020000" + "04000300" + "fffffffe";
    assertThat(peer.say(0, "0100001c" + fixed + "ff010008" + "01020304").getFirst()).endsWith("0008000c" + "ff010008" + "01020304");
    assertThat(peer.say(0, "0100001c" + fixed + "bf010008" + "01020304").getFirst()).doesNotContain("bf01");
    assertThat(peer.say(0, "01000020" + fixed + "7f010008" + "01020304" + "c0010004").getFirst())
        .endsWith("0008000c" + "7f010008" + "01020304");
  }

  @Test
  void cookiesAreNotBelievedWhenChangedOrOld() {
    String initAck = peer.say(0, INIT).getFirst();
    peer.readInitAck(initAck);
    String cookie = cookieIn(initAck);
    String changed = cookie.substring(0, 40) + (cookie.charAt(40) == '0' ? '1' : '0') + cookie.substring(41);
    assertThat(peer.say("0a00" + lengthOf(changed) + changed)).isEmpty();
    assertThat(peer.ours.association.counters().drops(SctpDropReason.BAD_COOKIE)).isEqualTo(1);

    peer.nowNanos += 61 * SECOND;
    assertThat(peer.say("0a00" + lengthOf(cookie) + cookie)).containsExactly("0900000c" + "00030008" + hex(1_000_000));
    assertThat(peer.ours.association.isUp()).isFalse();
  }

  @Test
  void aLostCookieAckIsSentAgain() {
    String initAck = peer.say(0, INIT).getFirst();
    peer.readInitAck(initAck);
    String echo = "0a00" + lengthOf(cookieIn(initAck)) + cookieIn(initAck);
    assertThat(peer.say(echo)).containsExactly("0b000004");
    assertThat(peer.say(echo)).containsExactly("0b000004");
    assertThat(peer.ours.of(SctpEvent.Up.class)).hasSize(1);
  }

  /** RFC 9260 §5.2.1: the answer to an INIT that crossed ours is of the same tag and TSN. */
  @Test
  void initsThatCrossMakeOneAssociation() {
    peer.ours.association.connect(peer.nowNanos, peer.ours);
    String ourInit = peer.answers().getFirst();
    String initAck = peer.say(0, INIT).getFirst();
    assertThat(initAck.substring(8, 40)).isEqualTo(ourInit.substring(8, 40));

    peer.readInitAck(initAck);
    String theirCookie = "00070008" + "c00c1e00";
    String theirInitAck = "0200" + "0028" + INIT.substring(8) + theirCookie;
    assertThat(peer.say(theirInitAck)).containsExactly("0a000008" + "c00c1e00");
    String echo = "0a00" + lengthOf(cookieIn(initAck)) + cookieIn(initAck);
    assertThat(peer.say(echo)).containsExactly("0b000004");
    assertThat(peer.say("0b000004")).isEmpty();
    assertThat(peer.ours.of(SctpEvent.Up.class)).hasSize(1);
  }

  @Test
  void initWithoutStreamsOrTagIsRefused() {
    String noStreams = INIT.replace("04000300", "00000300");
    assertThat(peer.say(0, noStreams)).containsExactly("06000008" + "00070004");
    assertThat(peer.say(0, INIT.replace(TAG, "00000000"))).containsExactly("06000008" + "00070004");
    assertThat(peer.say(0, INIT.substring(0, 30))).isEmpty();
  }

  /** RFC 9260 §6.2.1: what a gap block acknowledged may be taken back. */
  @Test
  void chunksThePeerTookBackAreSentAgain() {
    peer.established(INIT);
    peer.ours.sendText(peer.nowNanos, 0, "m0");
    peer.ours.sendText(peer.nowNanos, 0, "m1");
    peer.answers();
    peer.say(sack(-1, "00020002"));
    peer.say(sack(-1));
    assertThat(peer.waitFor(SECOND)).hasSize(2).allMatch(chunk -> chunk.startsWith("0003"));
    assertThat(peer.ours.association.bufferedBytes(0)).isEqualTo(4);
  }

  @Test
  void acknowledgementsOfWhatWasNeverSentAreDropped() {
    peer.established(INIT);
    peer.ours.sendText(peer.nowNanos, 0, "m0");
    peer.answers();
    peer.say(sack(1));
    peer.say("0300000c" + hex(peer.ourFirstTsn) + "00020000");
    assertThat(peer.ours.association.counters().drops(SctpDropReason.BAD_ACKNOWLEDGEMENT)).isEqualTo(1);
    assertThat(peer.ours.association.counters().drops(SctpDropReason.MALFORMED)).isEqualTo(1);
    assertThat(peer.ours.association.bufferedBytes(0)).isEqualTo(2);
  }

  @Test
  void aPeerThatFillsTheWindowBehindAGapIsHeldBack() {
    peer.established(INIT);
    String full = "5a".repeat(1100);
    for (int i = 1; i < 2000; i++) {
      peer.say(data(i, 3, i, 53, full));
    }
    SctpAssociation ours = peer.ours.association;
    assertThat(ours.receiveBufferBytes()).isBetween((1L << 20) - 1200, 1L << 20);
    assertThat(ours.counters().drops(SctpDropReason.NO_WINDOW)).isPositive();
    assertThat(peer.say(data(0, 3, 0, 53, full))).isNotEmpty(); // what is missing is let in, and frees the rest
    assertThat(ours.receiveBufferBytes()).isZero();
    assertThat(peer.say(data(2000 + ReceivedTsns.WINDOW, 3, 1, 53, "00")).getFirst()).startsWith("03000010");
  }

  /** Fragments without an end, on many streams, each within the limit of a message. */
  @Test
  void aPeerThatNeverEndsItsMessagesIsSentAway() {
    peer.established(INIT_INTERLEAVING);
    String large = "5a".repeat(1100);
    for (int i = 0; i < 2000 && peer.ours.association.isUp(); i++) {
      peer.say(iData(i, i % 100 == 0 ? 2 : 0, i / 100, i % 100 == 0 ? 53 : i % 100, large));
    }
    assertThat(peer.ours.of(SctpEvent.Closed.class)).singleElement()
        .extracting(SctpEvent.Closed::reason).isEqualTo(SctpCloseReason.OUT_OF_RESOURCE);
  }

  /** RFC 6525 §5.2.2: a request that names no stream means all of them. */
  @Test
  void allStreamsMayBeResetAtOnce() {
    peer.ours.association.openNegotiated(0, 9, DATA, peer.ours);
    peer.established(INIT);
    peer.ours.association.close(peer.nowNanos, 0, peer.ours);
    peer.answers();
    peer.say("82000010" + "0010000c" + hex(peer.ourFirstTsn) + "00000001");
    List<String> answer = peer.say("82000014" + "000d0010" + "fffffffe" + hex(peer.ourFirstTsn) + "fffffffd");
    assertThat(answer).contains("82000010" + "0010000c" + "fffffffe" + "00000001").anyMatch(chunk -> chunk.endsWith("0009"));
    assertThat(peer.ours.of(SctpEvent.ChannelClosed.class)).containsExactly(new SctpEvent.ChannelClosed(0));
  }

  /** RFC 6525 §4.5, as Firefox does when it needs more than it began with. */
  @Test
  void moreStreamsAreGrantedUpToOurLimit() {
    peer.established(INIT);
    assertThat(peer.say("82000010" + "0011000c" + "fffffffe" + "00010000")).containsExactly(
        "82000010" + "0010000c" + "fffffffe" + "00000002");
    ScriptedPeer fewer = new ScriptedPeer().established(INIT.replace("04000300", "01000300"));
    assertThat(fewer.say("82000010" + "0011000c" + "fffffffe" + "03000000")).containsExactly(
        "82000010" + "0010000c" + "fffffffe" + "00000001");
    assertThat(fewer.say("82000010" + "0011000c" + "ffffffff" + "00010000")).containsExactly(
        "82000010" + "0010000c" + "ffffffff" + "00000002");
  }

  /** The answer to our reset was lost, and the peer, for which the channel is closed, opens another under the same id. */
  @Test
  void anIdUsedAgainShowsThatTheOldChannelIsClosed() {
    peer.established(INIT);
    String open = ScriptedPeer.HEX.formatHex(Dcep.open(DATA));
    peer.say(data(0, 3, 4, 0, 50, open));
    peer.say(sack(0));
    peer.say("82000016" + "000d0012" + "fffffffe" + hex(peer.ourFirstTsn) + "fffffffe" + "0004");
    peer.say(data(1, 3, 4, 0, 50, open));

    assertThat(peer.ours.events).endsWith(new SctpEvent.ChannelOpened(4, DATA, true),
        new SctpEvent.ChannelClosed(4), new SctpEvent.ChannelOpened(4, DATA, true));
    peer.say("82000010" + "0010000c" + hex(peer.ourFirstTsn) + "00000001");
    assertThat(peer.ours.sendText(peer.nowNanos, 4, "goes on")).isEqualTo(SendResult.QUEUED);
    assertThat(peer.answers().getLast()).contains("0004" + "0001" + "00000033"); // behind the ACK
  }

  /** RFC 9260 §9.2. */
  @Test
  void shutdownGoesStepByStep() {
    peer.established(INIT);
    peer.ours.association.shutdown(peer.nowNanos, peer.ours);
    assertThat(peer.answers()).containsExactly("07000008" + "fffffffd");
    assertThat(peer.say(data(0, 3, 0, 51, "61"))).contains("07000008" + "fffffffe");
    assertThat(peer.say("08000004")).containsExactly("0e000004");
    assertThat(peer.ours.of(SctpEvent.Closed.class)).containsExactly(new SctpEvent.Closed(SctpCloseReason.SHUTDOWN, ""));
    assertThat(peer.say("08000004")).containsExactly("0e010004"); // SHUTDOWN COMPLETE was lost: once more, reflected
  }

  @Test
  void wrongTagsPortsAndChecksumsAreDropped() {
    peer.established(INIT);
    byte[] damaged = peer.packet(peer.ourTag, data(0, 3, 0, 51, "61"));
    damaged[20] ^= 1;
    peer.ours.receive(peer.nowNanos, damaged);
    peer.say(peer.ourTag + 1, "06000004");
    peer.ours.receive(peer.nowNanos, new byte[11]);

    SctpCounters counters = peer.ours.association.counters();
    assertThat(counters.drops(SctpDropReason.BAD_CHECKSUM)).isEqualTo(1);
    assertThat(counters.drops(SctpDropReason.WRONG_TAG)).isEqualTo(1);
    assertThat(counters.drops(SctpDropReason.MALFORMED)).isEqualTo(1);
    assertThat(peer.ours.association.isUp()).isTrue();
    assertThat(peer.answers()).isEmpty();
  }

  @Test
  void dataOnAStreamWeDoNotHaveIsReportedAndAcknowledged() {
    peer.established(INIT);
    assertThat(peer.say(data(0, 3 | 8, 0x400, 0, 51, "61")))
        .containsExactly("0900000c" + "00010008" + "04000000", "03000010" + "fffffffe" + "00100000" + "00000000");
  }

  private static String data(int tsn, int flags, int number, int protocol, String userData) {
    return data(tsn, flags, 0, number, protocol, userData);
  }

  private static String data(int tsn, int flags, int stream, int number, int protocol, String userData) {
    String value = hex(ScriptedPeer.FIRST_TSN + tsn) + "%04x%04x".formatted(stream, number) + hex(protocol) + userData;
    return "00%02x".formatted(flags) + lengthOf(value) + value;
  }

  private static String iData(int tsn, int flags, int mid, int protocolOrFsn, String userData) {
    String value = hex(ScriptedPeer.FIRST_TSN + tsn) + "00000000" + hex(mid) + hex(protocolOrFsn) + userData;
    return "40%02x".formatted(flags) + lengthOf(value) + value;
  }

  /** Up to our TSN of this index, with these gap blocks. */
  private String sack(int tsn, String... gaps) {
    String value = hex(peer.ourFirstTsn + tsn) + "00020000" + "%04x".formatted(gaps.length) + "0000" + String.join("", gaps);
    return "0300" + lengthOf(value) + value;
  }

  private static String text(String text) {
    return ScriptedPeer.HEX.formatHex(text.getBytes(StandardCharsets.UTF_8));
  }
}
