package dev.tapedeck.media.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.media.core.packet.PacketArena;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SendOrderTest {
  private static final int STREAMS = 6;

  private final PacketArena arena = new PacketArena(Arena.ofAuto(), 1, 0);
  private final int slot = arena.allocate();
  private final EgressQueue queue = new EgressQueue(arena);
  private final List<EgressWriter> streams = new ArrayList<>();
  private int number;

  SendOrderTest() {
    for (int i = 0; i < STREAMS; i++) {
      int bytes = i; // captured, so that each writer is one of its own
      streams.add((sendTime, memory, offset, header, payload, sequence, epoch, transport, dst, srtp) -> bytes);
    }
  }

  private void owe(int stream, int... payloads) {
    for (int payload : payloads) {
      queue.add(0, streams.get(stream), slot, 0, 12, payload, number++, 0);
    }
  }

  /** Indices in the order they leave. */
  private List<Integer> order() {
    SendOrder order = new SendOrder();
    order.begin(queue);
    List<Integer> all = new ArrayList<>();
    for (int i = 0; i < queue.size(); i++) {
      all.add(order.next());
    }
    return all;
  }

  private List<Integer> payloads() {
    return order().stream().map(queue::payloadBytes).toList();
  }

  /** Messages these packets would leave in. */
  private static int messages(List<Integer> payloads) {
    int messages = 0;
    int size = -1;
    for (int bytes : payloads) {
      boolean fits = bytes <= size;
      messages += fits ? 0 : 1;
      size = fits && bytes < size ? -1 : bytes;
    }
    return messages;
  }

  @Test
  void packetsOfOneSizeLeaveTogetherAndAShorterOneBehindThem() {
    owe(0, 80);
    owe(1, 90);
    owe(2, 90);
    owe(3, 70);
    assertThat(payloads()).containsExactly(90, 90, 80, 70);
  }

  @Test
  void aVoiceEndsTheMessageOfAPicture() {
    owe(0, 60);
    owe(1, 1000, 1000, 1001, 1001);
    assertThat(payloads()).containsExactly(1000, 1000, 60, 1001, 1001);
  }

  @Test
  void whatIsOneStreamsStaysInItsOrder() {
    owe(0, 100, 300, 200);
    owe(1, 250);
    assertThat(payloads()).containsExactly(250, 100, 300, 200);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void everyPacketLeavesOnceInOrderOfItsStreamAndInFewerMessages(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int before = 0;
    int after = 0;
    for (int round = 0; round < 2_000; round++) {
      int size = 1 + random.nextInt(EgressQueue.CAPACITY);
      for (int i = 0; i < size; i++) {
        owe(random.nextInt(STREAMS), 60 + random.nextInt(8));
      }
      List<Integer> order = order();
      assertThat(order).as("seed %d, round %d", seed, round).doesNotHaveDuplicates().hasSize(size);
      for (EgressWriter stream : streams) {
        assertThat(order.stream().filter(index -> queue.writer(index) == stream))
            .as("seed %d, round %d", seed, round).isSorted();
      }
      before += messages(IntStream.range(0, size).mapToObj(queue::payloadBytes).toList());
      after += messages(order.stream().map(queue::payloadBytes).toList());
      queue.clear();
    }
    System.out.printf("send order: %d messages instead of %d, seed %d%n", after, before, seed);
    assertThat(after).isLessThan(before * 4 / 5);
  }

  @Test
  void everyReferenceIsGivenBack() {
    owe(0, 1, 2, 3);
    owe(1, 4);
    queue.clear();
    assertThat(queue.streams()).isZero();
    arena.release(slot);
    assertThat(arena.freeSlots()).isEqualTo(1);
  }
}
