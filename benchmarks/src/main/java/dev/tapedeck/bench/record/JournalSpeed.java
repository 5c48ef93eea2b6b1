package dev.tapedeck.bench.record;

import dev.tapedeck.media.core.record.RecordLimits;
import dev.tapedeck.media.core.record.RecordTap;
import dev.tapedeck.media.core.record.Slab;
import dev.tapedeck.media.core.record.SlabSink;
import dev.tapedeck.media.core.record.TapeEnd;
import dev.tapedeck.media.core.record.TapeIdentity;
import dev.tapedeck.media.core.record.TapeMessage;
import dev.tapedeck.media.io.spool.Durability;
import dev.tapedeck.media.io.spool.PresignedPut;
import dev.tapedeck.media.io.spool.Spool;
import dev.tapedeck.media.io.spool.SpoolConfig;
import dev.tapedeck.media.io.spool.UnheardEvents;
import dev.tapedeck.media.io.spool.UploadLink;
import dev.tapedeck.protocol.chunk.TrackEntry;
import dev.tapedeck.protocol.wire.ChunkSealed;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * How fast the spool takes what tapes hand over, from the first packet until all of it is durable, beside {@code dd} on
 * the same disk in the same minute. CRC32C, SHA-256 and the building of chunks are in it.
 */
final class JournalSpeed {
  private static final int BLOCK_BYTES = 128 << 10;
  private static final int PACKET_BYTES = RecordOptions.PACKET_BYTES;
  private static final long WAIT_NANOS = 50_000;
  private static final Pattern DD_SECONDS = Pattern.compile("copied, ([0-9.eE+-]+) s");
  private static final ValueLayout.OfShort U16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private final Path folder;
  private final Mode mode;

  /** What is durable when, and how {@code dd} does the same. */
  enum Mode {
    /** Each segment before the next is begun, and once a second: files of a segment, each forced at its end. */
    INTERVAL(Durability.INTERVAL, "conv=fdatasync", 32 << 20, 6),
    /** Every slab as it comes: each block. */
    ALWAYS(Durability.ALWAYS, "oflag=dsync", 16 << 20, 1);

    private final Durability durability;
    private final String option;
    private final int fileBytes;
    private final int files;

    Mode(Durability durability, String option, int fileBytes, int files) {
      this.durability = durability;
      this.option = option;
      this.fileBytes = fileBytes;
      this.files = files;
    }

    /** The command, for readers of the report. */
    String dd() {
      return "dd bs=128K count=" + fileBytes / BLOCK_BYTES + " " + option + ", " + files + " times";
    }

    long bytes() {
      return (long) fileBytes * files;
    }
  }

  /** One round, in bytes per second. */
  record Round(double journal, double dd) {
    double ratio() {
      return journal / dd;
    }
  }

  /** @param folder on the disk in question */
  JournalSpeed(Path folder, Mode mode) {
    this.folder = folder;
    this.mode = mode;
  }

  /** @param warmUpBytes taped before anything is counted: code is compiled, and the heap touched for the first time */
  List<Round> run(int rounds, long warmUpBytes) throws IOException {
    Files.createDirectories(folder);
    for (long warmUp = 0; warmUp < warmUpBytes; warmUp += mode.bytes()) {
      journal();
    }
    List<Round> results = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      double dd = dd();
      results.add(new Round(journal(), dd));
    }
    return results;
  }

  private double dd() throws IOException {
    double seconds = 0;
    for (int i = 0; i < mode.files; i++) {
      Path file = folder.resolve("dd-" + i);
      Process dd = new ProcessBuilder("dd", "if=/dev/zero", "of=" + file, "bs=" + BLOCK_BYTES,
          "count=" + mode.fileBytes / BLOCK_BYTES, mode.option).redirectErrorStream(true).start();
      String said = new String(dd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      Matcher time = DD_SECONDS.matcher(said);
      if (!time.find()) {
        throw new IOException("dd said: " + said);
      }
      seconds += Double.parseDouble(time.group(1));
    }
    for (int i = 0; i < mode.files; i++) {
      Files.delete(folder.resolve("dd-" + i));
    }
    return mode.bytes() / seconds;
  }

  private double journal() throws IOException {
    Path spoolFolder = Files.createTempDirectory(folder, "spool-");
    CountDownLatch never = new CountDownLatch(1);
    Spool spool = Spool.open(spoolFolder, config(), new StoreAsleep(never), new UnheardEvents(), new Random(1));
    long startNanos = System.nanoTime();
    try {
      tape(spool.sink());
    } finally {
      spool.close(); // makes all of it durable
    }
    double seconds = (System.nanoTime() - startNanos) / 1e9;
    double bytes = spool.counters().journalledBytes.get();
    delete(spoolFolder);
    return bytes / seconds;
  }

  private SpoolConfig config() {
    SpoolConfig usual = SpoolConfig.DEFAULT;
    return new SpoolConfig(mode.durability, usual.commitInterval(), usual.slabBytes(), usual.slabMemoryBytes(),
        usual.memoryBudgetBytes(), usual.diskBudgetBytes(), usual.segmentBytes(), usual.uploads(),
        usual.uploadTimeout(), usual.retryMin(), usual.retryMax());
  }

  /** As many packets as {@code dd} has bytes. */
  private void tape(SlabSink spool) {
    TapeIdentity identity = new TapeIdentity("bench", "speed", 1L << 33, 1L << 33, "peer", 1L << 33, 1);
    RecordTap tap = new RecordTap(identity, RecordLimits.DEFAULT, new PatientSink(spool),
        nanos -> System.currentTimeMillis() * 1_000_000, System.nanoTime());
    int track = tap.addTrack(System.nanoTime(), new TrackEntry("video", "0", "", 1001, 1002, "video", "VP8", 96, 97,
        90_000, 0, "", Map.of(), ""));
    byte[] packet = new byte[PACKET_BYTES];
    new Random(1).nextBytes(packet);
    packet[0] = (byte) 0x80;
    MemorySegment memory = MemorySegment.ofArray(packet);
    for (int sequence = 0; sequence < mode.bytes() / PACKET_BYTES; sequence++) {
      memory.set(U16, 2, (short) sequence);
      tap.rtp(track, System.nanoTime(), memory, 0, PACKET_BYTES, false, false);
    }
    tap.close(System.nanoTime(), TapeEnd.LEFT);
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }

  /** Waits for a slab where a worker would leave packets out. */
  private record PatientSink(SlabSink spool) implements SlabSink {
    @Override
    public Slab take() {
      Slab slab = spool.take();
      while (slab == null) {
        LockSupport.parkNanos(WAIT_NANOS);
        slab = spool.take();
      }
      return slab;
    }

    @Override
    public void offer(TapeMessage message) {
      spool.offer(message);
    }
  }

  /** Never answers, so that nothing is read back or uploaded while the journal is measured. */
  private record StoreAsleep(CountDownLatch never) implements UploadLink {
    @Override
    public Optional<PresignedPut> requestUrl(ChunkSealed chunk) throws InterruptedException {
      never.await();
      return Optional.empty();
    }

    @Override
    public void confirmStored(ChunkSealed chunk) throws InterruptedException {
      never.await();
    }
  }
}
