package dev.tapedeck.media.io.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.media.core.packet.PacketArena;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class DatagramInboxTest {
  private static final int CELLS = 512;
  private static final int PRODUCERS = 3;
  private static final int DATAGRAMS = 20_000;

  private final PacketArena packets = new PacketArena(Arena.ofAuto(), 64, 0);
  private final DatagramInbox inbox = new DatagramInbox(Arena.ofAuto());
  private final MemorySegment source = Arena.ofAuto().allocate(PacketArena.SLOT_BYTES);

  private boolean offer(MemorySegment memory, int socket, int value) {
    memory.set(ValueLayout.JAVA_INT, 0, value);
    return inbox.offer(memory, value, socket, 1, 2, 3, 0, 4 + value % 1_000);
  }

  /** Takes what is there and gives the slots back. */
  private List<Integer> take(long mark) {
    List<Integer> taken = new ArrayList<>();
    inbox.take(0, mark, packets, (nowNanos, arrivalNanos, socket, high, low, port, slot, length) -> {
      taken.add(packets.memory().get(ValueLayout.JAVA_INT, PacketArena.offset(slot)));
      packets.release(slot);
    });
    return taken;
  }

  @Test
  void givesEverythingBackAsItCame() {
    assertThat(inbox.isEmpty()).isTrue();
    assertThat(inbox.offer(source, 11, 12, 13, 14, 15, 0, 1_500)).isTrue();
    assertThat(inbox.isEmpty()).isFalse();
    inbox.take(99, inbox.mark(), packets, (nowNanos, arrivalNanos, socket, high, low, port, slot, length) ->
        assertThat(List.of(nowNanos, arrivalNanos, (long) socket, high, low, (long) port, (long) length))
            .containsExactly(99L, 11L, 12L, 13L, 14L, 15L, 1_500L));
    assertThat(inbox.isEmpty()).isTrue();
  }

  @Test
  void takesNoMoreThanFitsAndGoesOnWhenThereIsRoom() {
    for (int i = 0; i < CELLS; i++) {
      assertThat(offer(source, 0, i)).isTrue();
    }
    assertThat(offer(source, 0, CELLS)).as("one too many").isFalse();
    assertThat(take(10)).as("up to the mark").containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    assertThat(offer(source, 0, CELLS)).isTrue();
    assertThat(take(inbox.mark())).hasSize(CELLS - 9).startsWith(10).endsWith(CELLS);
  }

  @Test
  void tellsOfADatagramForWhichTheWorkerHasNoSlot() {
    PacketArena full = new PacketArena(Arena.ofAuto(), 1, 0);
    full.allocate();
    offer(source, 0, 1);
    List<Integer> slots = new ArrayList<>();
    inbox.take(0, inbox.mark(), full, (now, arrival, socket, high, low, port, slot, length) -> slots.add(slot));
    assertThat(slots).containsExactly(PacketArena.NONE);
  }

  /** Each producer's datagrams come whole and in order, however the threads run. */
  @Test
  void manyMayAddWhileOneTakes() throws Exception {
    List<Thread> producers = new ArrayList<>();
    for (int producer = 0; producer < PRODUCERS; producer++) {
      int number = producer;
      producers.add(Thread.ofPlatform().start(() -> {
        MemorySegment own = Arena.ofAuto().allocate(PacketArena.SLOT_BYTES);
        for (int i = 0; i < DATAGRAMS; i++) {
          while (!offer(own, number, i)) {
            Thread.yield();
          }
        }
      }));
    }
    int[] next = new int[PRODUCERS];
    int taken = 0;
    while (taken < PRODUCERS * DATAGRAMS) {
      int before = next[0] + next[1] + next[2];
      inbox.take(0, inbox.mark(), packets, (nowNanos, arrivalNanos, socket, high, low, port, slot, length) -> {
        int value = packets.memory().get(ValueLayout.JAVA_INT, PacketArena.offset(slot));
        packets.release(slot);
        assertThat(value == next[socket]++ && arrivalNanos == value && length == 4 + value % 1_000).isTrue();
      });
      taken = next[0] + next[1] + next[2];
      if (taken == before) {
        Thread.yield();
      }
    }
    for (Thread producer : producers) {
      producer.join();
    }
    assertThat(inbox.isEmpty()).isTrue();
  }
}
