package dev.tapedeck.media.core.sctp;

import static dev.tapedeck.media.core.sctp.SctpWorld.MILLISECOND;
import static dev.tapedeck.media.core.sctp.SctpWorld.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.media.core.sctp.SctpWorld.Weather;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two associations of ours over a simulated network; seeds stand in the names of the tests. */
class SctpAssociationTest {
  private static final ChannelParameters DATA = ChannelParameters.reliable("data");

  @Test
  void isUpAfterFourPackets() {
    SctpWorld world = SctpWorld.up(1, Weather.FAIR);

    assertThat(world.server.events).containsExactly(new SctpEvent.Up());
    assertThat(world.client.events).containsExactly(new SctpEvent.Up());
    assertThat(world.server.association.counters().sentPackets()).isEqualTo(2);
    assertThat(world.client.association.counters().sentPackets()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void bothMaySendInitAtOnce(long seed) {
    SctpWorld world = new SctpWorld(seed, seed == 1 ? Weather.FAIR : Weather.STORM);
    negotiate(world, 0, DATA);
    world.server.association.connect(world.nowNanos, world.server);
    world.client.association.connect(world.nowNanos, world.client);
    world.runUntil(() -> world.server.association.isUp() && world.client.association.isUp(), 60 * SECOND);

    world.server.sendText(world.nowNanos, 0, "from server");
    world.client.sendText(world.nowNanos, 0, "from client");
    world.run(30 * SECOND);

    assertThat(world.client.texts(0)).containsExactly("from server");
    assertThat(world.server.texts(0)).containsExactly("from client");
    assertThat(world.server.of(SctpEvent.Up.class)).hasSize(1);
    assertThat(world.client.of(SctpEvent.Up.class)).hasSize(1);
  }

  @Test
  void negotiatedChannelCarriesWhatWasSentBeforeItWasUp() {
    SctpWorld world = new SctpWorld(1, Weather.FAIR);
    negotiate(world, 0, DATA);
    assertThat(world.server.sendText(world.nowNanos, 0, "early")).isEqualTo(SendResult.QUEUED);

    world.connect().run(SECOND);

    assertThat(world.client.events).containsSubsequence(new SctpEvent.Up(), new SctpEvent.ChannelOpened(0, DATA, false));
    assertThat(world.client.texts(0)).containsExactly("early");
    assertThat(world.server.association.bufferedBytes(0)).isZero();
  }

  @Test
  void dcepOpensChannelsFromBothSides() {
    SctpWorld world = SctpWorld.up(1, Weather.FAIR);
    ChannelParameters ours = new ChannelParameters("é chat", "p", false, new Reliability.Retransmits(3), 512);
    ChannelParameters theirs = new ChannelParameters("", "", true, new Reliability.Lifetime(70), 128);

    OptionalInt odd = world.server.association.open(world.nowNanos, ours, world.server);
    OptionalInt even = world.client.association.open(world.nowNanos, theirs, world.client);
    world.run(SECOND);

    assertThat(odd).hasValue(1);
    assertThat(even).hasValue(0);
    assertThat(world.server.of(SctpEvent.ChannelOpened.class)).containsExactlyInAnyOrder(
        new SctpEvent.ChannelOpened(1, ours, false), new SctpEvent.ChannelOpened(0, theirs, true));
    assertThat(world.client.of(SctpEvent.ChannelOpened.class)).containsExactlyInAnyOrder(
        new SctpEvent.ChannelOpened(1, ours, true), new SctpEvent.ChannelOpened(0, theirs, false));
  }

  @Test
  void emptyMessagesAndStringsStayWhatTheyAre() {
    SctpWorld world = negotiated(1, Weather.FAIR, DATA);
    world.server.association.send(world.nowNanos, 0, true, new byte[0], world.server);
    world.server.association.send(world.nowNanos, 0, false, new byte[0], world.server);
    world.server.association.send(world.nowNanos, 0, true, new byte[] {7}, world.server);
    world.server.sendText(world.nowNanos, 0, "x");
    world.run(SECOND);

    assertThat(world.client.of(SctpEvent.Message.class)).extracting(SctpEvent.Message::isBinary)
        .containsExactly(true, false, true, false);
    assertThat(world.client.messages(0)).extracting(data -> data.length).containsExactly(0, 0, 1, 1);
  }

  @Test
  void aMessageOf256KibGoesThrough() {
    SctpWorld world = negotiated(1, Weather.FAIR, DATA);
    byte[] large = randomBytes(9, 256 << 10);
    assertThat(world.server.association.send(world.nowNanos, 0, true, large, world.server))
        .isEqualTo(SendResult.QUEUED);
    world.runUntil(() -> !world.client.messages(0).isEmpty(), 10 * SECOND);

    assertThat(world.client.messages(0).getFirst()).isEqualTo(large);
    assertThat(world.longestPacket).isLessThanOrEqualTo(SctpLimits.defaults().maxPacketBytes());
    assertThat(world.server.association.counters().retransmittedDataChunks()).isZero();
  }

  @Test
  void aLongerMessageThanAnnouncedEndsTheAssociation() {
    SctpLimits small = new SctpLimits(1150, 1 << 14, 1 << 20, 1 << 20, 1024, 128, 1024, 1 << 16);
    SctpWorld world = new SctpWorld(1, Weather.FAIR,
        SctpWorld.config(false, true, SctpLimits.defaults()), SctpWorld.config(true, true, small));
    negotiate(world, 0, DATA);
    world.connect();
    world.server.association.send(world.nowNanos, 0, true, new byte[(1 << 14) + 1], world.server);
    world.run(5 * SECOND);

    assertThat(closedReason(world.client)).isEqualTo(SctpCloseReason.OUT_OF_RESOURCE);
    assertThat(closedReason(world.server)).isEqualTo(SctpCloseReason.ABORTED_BY_PEER);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void everyMessageArrivesOnceAndInOrderThroughAStorm(long seed) {
    boolean isInterleaving = seed % 2 == 0;
    SctpWorld world = new SctpWorld(seed, Weather.STORM,
        SctpWorld.config(false, isInterleaving, SctpLimits.defaults()),
        SctpWorld.config(true, true, SctpLimits.defaults()));
    ChannelParameters unordered = new ChannelParameters("u", "", false, Reliability.FULL, 256);
    negotiate(world, 0, DATA);
    negotiate(world, 1, unordered);
    negotiate(world, 2, DATA);
    world.connect();

    Sent down = new Sent(world.server, seed);
    Sent up = new Sent(world.client, seed + 100);
    for (int round = 0; round < 60; round++) {
      down.sendSome(world);
      up.sendSome(world);
      world.run(100 * MILLISECOND);
    }
    world.runUntil(() -> down.isReceivedBy(world.client) && up.isReceivedBy(world.server), 600 * SECOND);

    down.assertReceivedBy(world.client);
    up.assertReceivedBy(world.server);
    assertThat(world.client.association.counters().drops(SctpDropReason.DUPLICATE)).isPositive();
    world.server.association.shutdown(world.nowNanos, world.server);
    world.runUntil(() -> world.server.association.isClosed() && world.client.association.isClosed(), 120 * SECOND);
    assertThat(closedReason(world.server)).isIn(SctpCloseReason.SHUTDOWN, SctpCloseReason.PEER_UNREACHABLE);
    assertThat(world.server.association.receiveBufferBytes()).isZero();
  }

  /** Messages of all sizes on an ordered, an unordered and another ordered channel. */
  private static final class Sent {
    private final SctpPeer from;
    private final SplittableRandom random;
    private final List<List<byte[]>> messages = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());

    Sent(SctpPeer from, long seed) {
      this.from = from;
      random = new SplittableRandom(seed);
    }

    void sendSome(SctpWorld world) {
      for (int i = random.nextInt(6); i > 0; i--) {
        int channel = random.nextInt(3);
        byte[] data = new byte[random.nextInt(20) == 0 ? random.nextInt(60_000) : random.nextInt(1500)];
        random.nextBytes(data);
        assertThat(from.association.send(world.nowNanos, channel, true, data, from)).isEqualTo(SendResult.QUEUED);
        messages.get(channel).add(data);
      }
    }

    boolean isReceivedBy(SctpPeer to) {
      int count = messages.stream().mapToInt(List::size).sum();
      return to.of(SctpEvent.Message.class).size() >= count;
    }

    void assertReceivedBy(SctpPeer to) {
      assertThat(to.messages(0)).usingElementComparator(Arrays::compare).isEqualTo(messages.get(0));
      assertThat(to.messages(2)).usingElementComparator(Arrays::compare).isEqualTo(messages.get(2));
      assertThat(sorted(to.messages(1))).usingElementComparator(Arrays::compare).isEqualTo(sorted(messages.get(1)));
    }

    private static List<byte[]> sorted(List<byte[]> messages) {
      List<byte[]> sorted = new ArrayList<>(messages);
      sorted.sort(Arrays::compare);
      return sorted;
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatIsGivenUpIsNotSentAgainAndHoldsNothingUp(boolean isInterleaving) {
    SctpWorld world = new SctpWorld(3, Weather.FAIR, SctpWorld.config(false, isInterleaving, SctpLimits.defaults()),
        SctpWorld.config(true, true, SctpLimits.defaults()));
    ChannelParameters once = new ChannelParameters("once", "", true, new Reliability.Retransmits(0), 256);
    negotiate(world, 0, once);
    world.connect();
    world.weather = Weather.STORM;
    List<String> sent = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      String text = i + "-" + "x".repeat(i % 7 == 0 ? 3000 : 20);
      sent.add(text);
      world.server.sendText(world.nowNanos, 0, text);
      world.run(30 * MILLISECOND);
    }
    world.weather = Weather.FAIR;
    world.server.sendText(world.nowNanos, 0, "last");
    world.runUntil(() -> world.client.texts(0).contains("last"), 60 * SECOND);

    List<String> received = world.client.texts(0);
    assertThat(received).doesNotHaveDuplicates().hasSizeBetween(200, 400);
    sent.add("last");
    assertThat(sent).containsSubsequence(received);
    SctpCounters counters = world.server.association.counters();
    assertThat(counters.retransmittedDataChunks()).isZero();
    assertThat(counters.abandonedMessages()).isPositive();
    world.run(2 * SECOND);
    assertThat(world.server.association.bufferedBytes(0)).isZero();
    assertThat(world.client.association.receiveBufferBytes()).isZero();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void aMessageThatOutlivesItsTimeIsGivenUp(long seed) {
    SctpWorld world = new SctpWorld(seed, Weather.FAIR);
    ChannelParameters shortLived = new ChannelParameters("s", "", seed % 2 == 0, new Reliability.Lifetime(300), 256);
    negotiate(world, 0, shortLived);
    negotiate(world, 2, DATA);
    world.connect();
    world.weather = new Weather(1, 0, 0, 0);
    world.server.association.send(world.nowNanos, 0, true, new byte[40_000], world.server);
    world.server.sendText(world.nowNanos, 2, "kept");
    world.run(3 * SECOND);
    world.weather = Weather.STORM;
    world.run(2 * SECOND);
    world.server.sendText(world.nowNanos, 0, "next");
    world.weather = Weather.FAIR;
    world.runUntil(() -> !world.client.texts(0).isEmpty() && !world.client.texts(2).isEmpty(), 60 * SECOND);

    assertThat(world.client.texts(0)).containsExactly("next");
    assertThat(world.client.texts(2)).containsExactly("kept");
    assertThat(world.client.association.receiveBufferBytes()).isZero();
  }

  @Test
  void channelsCloseOnBothSidesAfterAllIsDelivered() {
    SctpWorld world = SctpWorld.up(1, Weather.STORM);
    int id = world.server.association.open(world.nowNanos, DATA, world.server).orElseThrow();
    byte[] large = randomBytes(1, 100_000);
    world.server.association.send(world.nowNanos, id, true, large, world.server);
    world.server.association.close(world.nowNanos, id, world.server);
    assertThat(world.server.sendText(world.nowNanos, id, "too late")).isEqualTo(SendResult.NOT_OPEN);
    world.runUntil(() -> world.server.told(SctpEvent.ChannelClosed.class)
        && world.client.told(SctpEvent.ChannelClosed.class), 120 * SECOND);

    assertThat(world.client.messages(id)).usingElementComparator(Arrays::compare).containsExactly(large);
    assertThat(world.server.association.open(world.nowNanos, DATA, world.server)).hasValue(id);
    world.server.sendText(world.nowNanos, id, "again");
    world.runUntil(() -> world.client.messages(id).size() == 2, 60 * SECOND);
    assertThat(world.client.texts(id).getLast()).isEqualTo("again");
  }

  @Test
  void manyChannelsOpenAndCloseThroughAStorm() {
    SctpWorld world = SctpWorld.up(5, Weather.STORM);
    for (int round = 0; round < 5; round++) {
      List<Integer> ids = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        int id = world.client.association.open(world.nowNanos, DATA, world.client).orElseThrow();
        world.client.sendText(world.nowNanos, id, "r" + round);
        ids.add(id);
      }
      int closed = 40 * (round + 1);
      for (int id : ids) {
        (id % 4 == 0 ? world.server : world.client).association
            .close(world.nowNanos, id, id % 4 == 0 ? world.server : world.client);
      }
      Collections.reverse(ids);
      ids.forEach(id -> world.client.association.close(world.nowNanos, id, world.client));
      world.runUntil(() -> world.client.of(SctpEvent.ChannelClosed.class).size() == closed
          && world.server.of(SctpEvent.ChannelClosed.class).size() == closed, 300 * SECOND);
    }
    assertThat(world.server.of(SctpEvent.Message.class)).hasSize(200);
  }

  @Test
  void aRestartedPeerIsMetAnew() {
    SctpWorld world = new SctpWorld(1, Weather.FAIR);
    negotiate(world, 0, DATA);
    world.connect();
    int dcep = world.server.association.open(world.nowNanos, DATA, world.server).orElseThrow();
    world.server.sendText(world.nowNanos, 0, "before");
    world.run(SECOND);

    world.client.association = new SctpAssociation(
        SctpWorld.config(true, true, SctpLimits.defaults()), new SplittableRandom(77));
    world.client.events.clear();
    world.client.association.openNegotiated(world.nowNanos, 0, DATA, world.client);
    world.client.association.connect(world.nowNanos, world.client);
    world.runUntil(() -> world.server.told(SctpEvent.Restarted.class), 10 * SECOND);
    world.server.sendText(world.nowNanos, 0, "after");
    world.client.sendText(world.nowNanos, 0, "hello again");
    world.run(SECOND);

    assertThat(world.client.texts(0)).containsExactly("after");
    assertThat(world.server.texts(0)).containsExactly("hello again");
    assertThat(world.server.of(SctpEvent.ChannelClosed.class)).containsExactly(new SctpEvent.ChannelClosed(dcep));
  }

  @Test
  void sendBufferRefusesAndTellsWhenThereIsRoom() {
    SctpWorld world = negotiated(1, Weather.FAIR, DATA);
    int taken = 0;
    while (world.server.association.send(world.nowNanos, 0, true, new byte[10_000], world.server)
        == SendResult.QUEUED) {
      taken++;
    }
    assertThat(taken).isBetween(100, 105);
    assertThat(world.server.association.bufferedBytes(0)).isEqualTo(taken * 10_000L);
    assertThat(world.server.association.send(world.nowNanos, 0, true, new byte[10_000], world.server))
        .isEqualTo(SendResult.BUFFER_FULL);

    world.runUntil(() -> world.server.told(SctpEvent.BufferedLow.class), 60 * SECOND);
    assertThat(world.server.association.bufferedBytes(0)).isLessThanOrEqualTo(64 << 10);
    assertThat(world.server.sendText(world.nowNanos, 0, "more")).isEqualTo(SendResult.QUEUED);
    world.run(10 * SECOND);
    assertThat(world.client.messages(0)).hasSize(taken + 1);
    assertThat(world.server.of(SctpEvent.BufferedLow.class)).hasSize(1);
  }

  @Test
  void aMessageTooLargeForThePeerIsRefused() {
    SctpConfig modest = new SctpConfig(
        5000, 5000, false, true, 1000, SctpLimits.defaults(), SctpTimes.defaults());
    SctpWorld world = new SctpWorld(1, Weather.FAIR, modest, SctpWorld.config(true, true, SctpLimits.defaults()));
    negotiate(world, 0, DATA);
    assertThat(world.server.association.send(world.nowNanos, 0, true, new byte[1001], world.server))
        .isEqualTo(SendResult.TOO_LARGE);
    assertThat(world.server.association.send(world.nowNanos, 0, true, new byte[1000], world.server))
        .isEqualTo(SendResult.QUEUED);
    assertThat(world.server.association.send(world.nowNanos, 9, true, new byte[1], world.server))
        .isEqualTo(SendResult.NOT_OPEN);
  }

  @Test
  void aSmallWindowIsKeptToAndProbed() {
    SctpLimits small = new SctpLimits(1150, 1 << 16, 1 << 20, 1 << 12, 1024, 128, 1024, 1 << 16);
    SctpWorld world = new SctpWorld(1, Weather.STORM,
        SctpWorld.config(false, true, SctpLimits.defaults()), SctpWorld.config(true, true, small));
    negotiate(world, 0, DATA);
    world.connect();
    byte[] data = randomBytes(1, 60_000); // far more than the window: its rest goes beyond it, chunk by chunk
    world.server.association.send(world.nowNanos, 0, true, data, world.server);
    world.runUntil(() -> !world.client.messages(0).isEmpty(), 1800 * SECOND);

    assertThat(world.client.messages(0).getFirst()).isEqualTo(data);
  }

  @Test
  void idlePeersHearFromEachOtherAndADeadOneIsNoticed() {
    SctpWorld world = SctpWorld.up(1, Weather.FAIR);
    world.run(100 * SECOND);
    assertThat(world.server.association.isUp()).isTrue();
    assertThat(world.server.association.counters().receivedPackets()).isBetween(6L, 16L);

    world.weather = new Weather(1, 0, 0, 0);
    world.run(400 * SECOND);
    assertThat(closedReason(world.server)).isEqualTo(SctpCloseReason.PEER_UNREACHABLE);
    assertThat(world.server.association.nextTimeoutNanos()).isEqualTo(SctpAssociation.NEVER);
  }

  @Test
  void givesUpOnAPeerThatNeverAnswers() {
    SctpWorld world = new SctpWorld(1, new Weather(1, 0, 0, 0));
    world.server.association.connect(world.nowNanos, world.server);
    world.run(3000 * SECOND);

    assertThat(closedReason(world.server)).isEqualTo(SctpCloseReason.NOT_ESTABLISHED);
    assertThat(world.server.association.counters().sentPackets()).isEqualTo(9);
  }

  @Test
  void shutdownDeliversEverythingFirst() {
    SctpWorld world = negotiated(2, Weather.STORM, DATA);
    byte[] data = randomBytes(2, 50_000);
    world.server.association.send(world.nowNanos, 0, true, data, world.server);
    world.client.sendText(world.nowNanos, 0, "and back");
    world.server.association.shutdown(world.nowNanos, world.server);
    assertThat(world.server.sendText(world.nowNanos, 0, "no more")).isEqualTo(SendResult.NOT_OPEN);
    world.runUntil(() -> world.server.association.isClosed() && world.client.association.isClosed(), 120 * SECOND);

    assertThat(world.client.messages(0)).usingElementComparator(Arrays::compare).containsExactly(data);
    assertThat(world.server.texts(0)).containsExactly("and back");
    assertThat(closedReason(world.client)).isEqualTo(SctpCloseReason.SHUTDOWN);
  }

  @Test
  void abortTellsThePeer() {
    SctpWorld world = SctpWorld.up(1, Weather.FAIR);
    world.server.association.abort("enough", world.server);
    world.run(SECOND);

    assertThat(closedReason(world.server)).isEqualTo(SctpCloseReason.ABORTED_BY_US);
    assertThat(world.client.of(SctpEvent.Closed.class))
        .containsExactly(new SctpEvent.Closed(SctpCloseReason.ABORTED_BY_PEER, "user-initiated abort"));
  }

  @Test
  void sameSeedSameCourse() {
    assertThat(course(4)).isEqualTo(course(4)).isNotEqualTo(course(5));
  }

  private static String course(long seed) {
    SctpWorld world = negotiated(seed, Weather.STORM, DATA);
    world.server.association.send(world.nowNanos, 0, true, new byte[100_000], world.server);
    world.runUntil(() -> !world.client.messages(0).isEmpty(), 120 * SECOND);
    SctpCounters counters = world.server.association.counters();
    return world.nowNanos + " " + counters.sentPackets() + " " + counters.retransmittedDataChunks();
  }

  private static SctpWorld negotiated(long seed, Weather weather, ChannelParameters parameters) {
    SctpWorld world = new SctpWorld(seed, weather);
    negotiate(world, 0, parameters);
    return world.connect();
  }

  private static void negotiate(SctpWorld world, int id, ChannelParameters parameters) {
    assertThat(world.server.association.openNegotiated(world.nowNanos, id, parameters, world.server)).isTrue();
    assertThat(world.client.association.openNegotiated(world.nowNanos, id, parameters, world.client)).isTrue();
  }

  private static SctpCloseReason closedReason(SctpPeer peer) {
    return peer.of(SctpEvent.Closed.class).getFirst().reason();
  }

  private static byte[] randomBytes(long seed, int count) {
    byte[] bytes = new byte[count];
    new SplittableRandom(seed).nextBytes(bytes);
    return bytes;
  }
}
