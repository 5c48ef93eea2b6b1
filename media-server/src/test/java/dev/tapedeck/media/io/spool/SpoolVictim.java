package dev.tapedeck.media.io.spool;

import dev.tapedeck.media.core.record.RecordLimits;
import dev.tapedeck.media.core.record.RecordTap;
import dev.tapedeck.media.core.record.TapeIdentity;
import dev.tapedeck.protocol.chunk.ChunkSamples;
import dev.tapedeck.protocol.wire.ChunkSealed;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/** A process that tapes until it is killed, and prints each chunk it has promised: index, packets, SHA-256. */
final class SpoolVictim {
  static final long RECORDING = 1L << 33;
  static final long SESSION = 1L << 34;
  static final int PAYLOAD_BYTES = 500;

  private static final long MILLI = 1_000_000;

  private SpoolVictim() {}

  static SpoolConfig config() {
    return new SpoolConfig(Durability.INTERVAL, Duration.ofMillis(50), 16 << 10, 4 << 20, 1 << 20, 0, 256 << 10, 1,
        Duration.ofSeconds(5), Duration.ofMillis(10), Duration.ofMillis(100));
  }

  static byte[] packet(int number) {
    return ChunkSamples.packet(96, number & 0xFFFF, number * 3000L, 1, PAYLOAD_BYTES);
  }

  public static void main(String[] args) throws IOException {
    Spool spool = Spool.open(Path.of(args[0]), config(), new NoStore(), new Printer(), new SplittableRandom(1));
    RecordLimits limits = new RecordLimits(16 << 10, 20 * MILLI, 64 << 10, 1_000 * MILLI);
    RecordTap tap = new RecordTap(new TapeIdentity("app", "room", 1L << 35, RECORDING, "peer", SESSION, 1), limits,
        spool.sink(), now -> System.currentTimeMillis() * MILLI + now - System.nanoTime(), System.nanoTime());
    int track = tap.addTrack(System.nanoTime(), ChunkSamples.video());
    for (int number = 0; number < 1_000_000; number++) {
      byte[] packet = packet(number);
      tap.rtp(track, System.nanoTime(), MemorySegment.ofArray(packet), 0, packet.length, false, false);
      tap.handleTimeout(System.nanoTime());
      LockSupport.parkNanos(MILLI / 10);
    }
  }

  private static final class NoStore implements UploadLink {
    @Override
    public Optional<PresignedPut> requestUrl(ChunkSealed chunk) throws IOException {
      throw new IOException("there is no store");
    }

    @Override
    public void confirmStored(ChunkSealed chunk) {}
  }

  private static final class Printer extends UnheardEvents {
    @Override
    public void chunkSealed(ChunkSealed event, Runnable whenStored) {
      System.out.println("sealed " + event.getIndex() + " " + event.getPackets() + " "
          + HexFormat.of().formatHex(event.getSha256().toByteArray()));
    }
  }
}
