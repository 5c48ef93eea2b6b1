package dev.tapedeck.protocol.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.protocol.rtp.Bytes;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** The checksum is taken from wherever the packet lies; what is written is the same. */
class ChunkWriterTest {
  private static final int OFFSET = 77;
  private static final byte[] PACKET = ChunkSamples.packet(96, 7, 1234, 0x0102_0304L, 1100);

  @Test
  void whereAPacketLiesDoesNotChangeItsEntry() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment heap = MemorySegment.ofArray(new byte[OFFSET + PACKET.length + 1]);
      MemorySegment nativeMemory = arena.allocate(heap.byteSize(), 1);
      byte[] fromHeap = entry(heap);

      assertThat(entry(nativeMemory)).isEqualTo(fromHeap);
      assertThat(entry(nativeMemory.reinterpret(1L << 33))).as("an arena no view can show").isEqualTo(fromHeap);
    }
  }

  @Test
  void packetsOfTwoArenasInTurnKeepTheirOwnChecksums() {
    ChunkWriter writer = new ChunkWriter();
    ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 14);
    writer.attach(MemorySegment.ofBuffer(buffer), buffer);
    MemorySegment first = MemorySegment.ofArray(PACKET);
    MemorySegment second = MemorySegment.ofArray(ChunkSamples.packet(96, 8, 1234, 0x0102_0304L, 500));
    for (int i = 0; i < 2; i++) {
      writer.rtp(1, 0, i, first, 0, (int) first.byteSize());
      writer.rtp(1, 0, i, second, 0, (int) second.byteSize());
    }

    byte[] written = bytes(buffer, writer.position());
    ChunkWriter fresh = new ChunkWriter();
    fresh.attach(MemorySegment.ofBuffer(buffer.clear()), buffer);
    for (int i = 0; i < 2; i++) {
      for (MemorySegment packet : new MemorySegment[] {first, second}) {
        fresh.bytes(EntryKind.RTP, 1, i, packet.toArray(Bytes.BYTE));
      }
    }
    assertThat(written).isEqualTo(bytes(buffer, fresh.position()));
  }

  private static byte[] entry(MemorySegment memory) {
    MemorySegment.copy(MemorySegment.ofArray(PACKET), 0, memory, OFFSET, PACKET.length);
    ChunkWriter writer = new ChunkWriter();
    ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 12);
    writer.attach(MemorySegment.ofBuffer(buffer), buffer);
    assertThat(writer.rtp(3, ChunkFormat.FLAG_REPAIRED, 99, memory, OFFSET, PACKET.length)).isTrue();
    return bytes(buffer, writer.position());
  }

  private static byte[] bytes(ByteBuffer buffer, int length) {
    byte[] bytes = new byte[length];
    buffer.duplicate().clear().get(bytes);
    return bytes;
  }
}
