package dev.tapedeck.media.core.sctp;

import static dev.tapedeck.media.core.sctp.SctpWorld.MILLISECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.protocol.fuzz.Mutator;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Hostile packets against associations in the middle of their lives. Checksums are made right again, so that mutations
 * get past them; the same seed gives the same tags and TSNs, so that packets of one run mean something in another.
 */
class SctpFuzzTest {
  private static final ChannelParameters DATA = ChannelParameters.reliable("data");

  /** Small, so that limits are met. */
  private static final SctpLimits LIMITS = new SctpLimits(1150, 1 << 14, 1 << 15, 1 << 14, 64, 16, 100, 1 << 12);

  /** Packets one association takes before the next one has its turn. */
  private static final int PACKETS = 40;

  private final SctpChecksum checksum = new SctpChecksum();
  private SctpWorld world;
  private int packets;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void packets(boolean isInterleaving) {
    SplittableRandom random = new SplittableRandom(3);
    String target = isInterleaving ? "sctp, interleaved" : "sctp";
    Mutator.run(target, 11, corpus(isInterleaving), 100_000, input -> {
      if (world == null || world.server.association.isClosed() || ++packets % PACKETS == 0) {
        world = established(isInterleaving);
      }
      feed(input, random);
    });
  }

  private void feed(byte[] input, SplittableRandom random) {
    SctpPeer server = world.server;
    if (input.length >= Outbox.COMMON_HEADER_BYTES) {
      checksum.write(MemorySegment.ofArray(input), 0, input.length);
    }
    if (random.nextInt(4) == 0) {
      server.sendText(world.nowNanos, 0, "x".repeat(random.nextInt(3000)));
    }
    world.nowNanos += random.nextLong(300 * MILLISECOND);
    server.receive(world.nowNanos, input);
    if (server.association.nextTimeoutNanos() <= world.nowNanos) {
      server.association.handleTimeout(world.nowNanos, server);
    }
    checkBounds(server);
    server.packets.clear();
    server.events.clear();
  }

  private static void checkBounds(SctpPeer server) {
    SctpAssociation association = server.association;
    assertThat(association.receiveBufferBytes()).isBetween(0L, (long) LIMITS.receiveBufferBytes() + LIMITS.maxMessageBytes());
    assertThat(association.bufferedBytes(0)).isBetween(0L, (long) LIMITS.sendBufferBytes());
    assertThat(server.packets).hasSizeLessThan(2000).allMatch(packet -> packet.length <= LIMITS.maxPacketBytes());
    assertThat(server.of(SctpEvent.Message.class))
        .allMatch(message -> message.data().length <= LIMITS.maxMessageBytes());
    assertThat(association.nextTimeoutNanos()).isPositive();
  }

  private static SctpWorld established(boolean isInterleaving) {
    SctpWorld world = new SctpWorld(21, SctpWorld.Weather.FAIR, SctpWorld.config(false, isInterleaving, LIMITS),
        SctpWorld.config(true, true, LIMITS));
    ChannelParameters brief = new ChannelParameters("", "", false, new Reliability.Retransmits(0), 256);
    for (SctpPeer peer : List.of(world.server, world.client)) {
      peer.association.openNegotiated(0, 0, DATA, peer);
      peer.association.openNegotiated(0, 2, brief, peer);
    }
    return world.connect();
  }

  /** What a client says to a server in a life with everything in it. */
  private static List<byte[]> corpus(boolean isInterleaving) {
    SctpWorld world = established(isInterleaving);
    List<byte[]> corpus = new ArrayList<>();
    world.tapToServer = corpus::add;
    SctpPeer client = world.client;
    for (int i = 0; i < 12; i++) {
      client.sendText(world.nowNanos, 0, "x".repeat(1 + i * 300));
      client.sendText(world.nowNanos, 2, "y".repeat(1 + i * 200));
      world.server.sendText(world.nowNanos, 0, "z".repeat(i * 100));
      world.weather = i % 3 == 1 ? SctpWorld.Weather.STORM : SctpWorld.Weather.FAIR;
      world.run(400 * MILLISECOND);
    }
    world.weather = SctpWorld.Weather.FAIR;
    int opened = client.association.open(world.nowNanos, DATA, client).orElseThrow();
    world.run(2_000 * MILLISECOND);
    client.association.close(world.nowNanos, opened, client);
    world.run(100_000 * MILLISECOND);
    SctpPeer restarted = world.client;
    restarted.association = new SctpAssociation(SctpWorld.config(true, true, LIMITS), new SplittableRandom(5));
    restarted.association.connect(world.nowNanos, restarted);
    world.run(5_000 * MILLISECOND);
    restarted.association.shutdown(world.nowNanos, restarted);
    world.run(2_000 * MILLISECOND);
    restarted.association.connect(world.nowNanos, restarted);
    restarted.association.abort("", restarted);
    world.carry();
    return corpus;
  }

  @Test
  void corpusKnowsEveryKindOfChunk() {
    Tlv walk = new Tlv();
    List<Integer> types = new ArrayList<>();
    for (boolean isInterleaving : new boolean[] {false, true}) {
      for (byte[] packet : corpus(isInterleaving)) {
        walk.over(MemorySegment.ofArray(packet), 12, packet.length - 12);
        while (walk.next()) {
          types.add(walk.chunkType());
        }
      }
    }
    assertThat(types).contains(ChunkType.DATA, ChunkType.I_DATA, ChunkType.SACK, ChunkType.INIT, ChunkType.COOKIE_ECHO,
        ChunkType.HEARTBEAT, ChunkType.RE_CONFIG, ChunkType.FORWARD_TSN, ChunkType.I_FORWARD_TSN, ChunkType.SHUTDOWN);
  }

  @Test
  void dcep() {
    SplittableRandom random = new SplittableRandom(2);
    List<byte[]> corpus = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      Reliability reliability = i % 3 == 0 ? Reliability.FULL
          : i % 3 == 1 ? new Reliability.Retransmits(random.nextInt(9)) : new Reliability.Lifetime(random.nextInt(999));
      corpus.add(Dcep.open(new ChannelParameters("l".repeat(i), "p".repeat(i % 5), i % 2 == 0, reliability, i)));
    }
    Mutator.run("dcep", 12, corpus, 100_000, input -> Dcep.readOpen(input, 1000).ifPresent(parameters ->
        assertThat(Dcep.readOpen(Dcep.open(parameters), 6000)).contains(parameters)));
  }
}
