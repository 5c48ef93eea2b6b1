package dev.tapedeck.media.io.spool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.media.core.record.RecordLimits;
import dev.tapedeck.media.core.record.RecordTap;
import dev.tapedeck.media.core.record.Slab;
import dev.tapedeck.media.core.record.SlabSink;
import dev.tapedeck.media.core.record.TapeEnd;
import dev.tapedeck.media.core.record.TapeIdentity;
import dev.tapedeck.media.core.record.TapeMessage;
import dev.tapedeck.media.core.record.UnfinishedRecording;
import dev.tapedeck.protocol.chunk.ChunkReader;
import dev.tapedeck.protocol.chunk.ChunkSamples;
import dev.tapedeck.protocol.chunk.ChunkState;
import dev.tapedeck.protocol.chunk.EntryCursor;
import dev.tapedeck.protocol.chunk.EntryKind;
import dev.tapedeck.protocol.rtp.Bytes;
import dev.tapedeck.protocol.wire.ChunkSealed;
import dev.tapedeck.protocol.wire.Gap;
import dev.tapedeck.protocol.wire.RecordingOrders;
import dev.tapedeck.protocol.wire.TapeClosed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * One seeded life of a spool: sessions are taped, the disk misbehaves, process and machine die at any point and come
 * back, the store takes chunks when it likes. At the end everything is uploaded and compared with what was sent. One
 * thread, no clock, no file.
 */
final class SpoolSimulation {
  private static final long MILLI = 1_000_000;
  private static final long EPOCH_NANOS = 1_795_000_000_000L * MILLI;
  private static final RecordLimits LIMITS = new RecordLimits(16 << 10, 250 * MILLI, 64 << 10, 2_000 * MILLI);
  private static final int MAX_SLABS = 24;

  /** One session that was taped, as the sender remembers it. */
  private static final class Sender {
    final RecordTap tap;
    final int track;
    final List<byte[]> packets = new ArrayList<>();

    /** Packets, by their number, that a completed force has covered. */
    int safePackets;

    /** Those that the force under way will cover. */
    int coveredPackets;

    int journalled;
    int sequenceNumber;
    boolean isClosed;

    /** Belongs to a process that is gone; nothing of it is handed over any more. */
    boolean isOfThePast;

    /** Its process died while the disk refused, and so may not know of it any more. */
    boolean isForgotten;

    /** It was gone before the close was told. */
    boolean diedWithProcess;

    Sender(RecordTap tap) {
      this.tap = tap;
      track = tap.addTrack(0, ChunkSamples.video());
    }
  }

  /** The process: dies with all it holds. */
  private final class Process implements SlabSink {
    final SpoolCounters counters = new SpoolCounters();
    final Journal journal;
    final SpoolKeeper keeper;
    final Deque<TapeMessage> messages = new ArrayDeque<>();
    final Deque<Runnable> answers = new ArrayDeque<>();
    final Deque<SpooledChunk> uploads = new ArrayDeque<>();
    final Deque<Runnable> forces = new ArrayDeque<>();
    int slabsInUse;
    boolean starved;

    Process() {
      journal = new Journal(disk, config.segmentBytes(), 1 << 30, this::force, counters);
      keeper = new SpoolKeeper(
          config, journal, outside, uploads::add, slab -> slabsInUse--, ChunkHash::catchUp, answers::add, counters);
    }

    @Override
    public Slab take() {
      if (starved || slabsInUse == MAX_SLABS) {
        return null;
      }
      slabsInUse++;
      return new Slab(ByteBuffer.allocate(LIMITS.slabBytes()));
    }

    @Override
    public void offer(TapeMessage message) {
      messages.add(message);
    }

    /** At once, or beside the steps that follow. */
    private void force(Runnable force) {
      if (random.nextBoolean()) {
        force.run();
      } else {
        forces.add(force);
        disk.hits.merge("force beside writes", 1, Integer::sum);
      }
    }

    void step(long nowNanos) {
      if (!forces.isEmpty() && random.nextInt(3) == 0) {
        forces.remove().run();
      }
      while (!messages.isEmpty()) {
        keeper.handle(messages.remove());
      }
      if (isForced(this::takeAnswers) && !journal.isCommitting()) {
        senders.values().forEach(sender -> sender.safePackets = sender.coveredPackets);
      }
      boolean wasCommitting = journal.isCommitting();
      boolean isForced = isForced(() -> keeper.handleTimeout(nowNanos));
      if (journal.isCommitting() && !wasCommitting) {
        senders.values().forEach(sender -> sender.coveredPackets = sender.journalled);
      } else if (isForced && !journal.isCommitting() && !journal.hasUncommitted()) {
        senders.values().forEach(sender -> sender.safePackets = sender.journalled);
      }
    }

    private void takeAnswers() {
      while (!answers.isEmpty()) {
        answers.remove().run();
      }
    }

    /** Whether a force came through in this, the disk is well, and packets are forced at all. */
    private boolean isForced(Runnable work) {
      long commitsBefore = counters.commits.get();
      work.run();
      return counters.commits.get() > commitsBefore && !journal.isFailing()
          && config.durability() != Durability.PRESSURE;
    }

    /** The store takes one chunk, whole, and the connector looks at it. */
    void uploadOne() {
      SpooledChunk chunk = uploads.poll();
      if (chunk == null) {
        return;
      }
      ChunkSealed sealed = chunk.sealed();
      byte[] bytes = read(chunk);
      assertThat(sha256(bytes)).as("checksum, seed %d", seed).isEqualTo(sealed.getSha256().toByteArray());
      outside.objects.computeIfAbsent(sealed.getTape().getSession(), session -> new TreeMap<>())
          .putIfAbsent(sealed.getIndex(), bytes);
      answers.add(() -> keeper.chunkVerified(chunk));
    }
  }

  private final long seed;
  private final SplittableRandom random;
  private final SimDisk disk;
  private final SpoolConfig config;
  private final SimConnector outside = new SimConnector();
  private final Map<Long, Sender> senders = new LinkedHashMap<>();
  private final Set<Long> openRecordings = new HashSet<>();
  private Process process;
  private long nowNanos = 1_000 * MILLI;
  private long nextId = 1L << 32;

  SpoolSimulation(long seed, SimDisk disk, SpoolConfig config) {
    this.seed = seed;
    this.disk = disk;
    this.config = config;
    random = new SplittableRandom(seed);
  }

  static SpoolConfig smallConfig(Durability durability) {
    return new SpoolConfig(durability, Duration.ofSeconds(1), LIMITS.slabBytes(), 1 << 20, 256 << 10, 0, 64 << 10, 1,
        Duration.ofSeconds(1), Duration.ofMillis(1), Duration.ofMillis(1));
  }

  /** Two to four lives of the process, then everything is stored. */
  void run(boolean machineCrashes) throws IOException {
    int crashes = 1 + random.nextInt(3);
    for (int life = 0; life <= crashes; life++) {
      boolean isLast = life == crashes;
      disk.operationsToCrash = isLast ? -1 : random.nextInt(250);
      try {
        live(isLast);
      } catch (SimDisk.Crash crash) {
        die(machineCrashes && random.nextBoolean());
      }
      if (!isLast && process != null) {
        die(machineCrashes && random.nextBoolean());
      }
    }
    finish();
  }

  private void live(boolean isLast) throws IOException {
    start();
    for (int step = isLast ? 100 : 600; step > 0; step--) {
      nowNanos += (1 + random.nextInt(40)) * MILLI;
      disturb();
      join();
      talk();
      if (random.nextInt(4) > 0) {
        process.step(nowNanos);
      }
      if (random.nextInt(5) == 0) {
        process.uploadOne();
      }
      if (random.nextInt(3) == 0 && !outside.acknowledgements.isEmpty()) {
        outside.acknowledgements.remove().run();
      }
    }
  }

  private void start() throws IOException {
    outside.incarnation++;
    process = new Process();
    List<UnfinishedRecording> unfinished = new SpoolRecovery(process.journal, process.keeper, process.counters)
        .run(wallMillis(), Duration.ofSeconds(random.nextInt(20)));
    for (UnfinishedRecording left : unfinished) {
      if (random.nextBoolean()) {
        openRecordings.add(left.recording());
      } else {
        process.recordingClosed(left.app(), left.room(), left.recording(), UnfinishedRecording.CRASH);
      }
    }
  }

  private void disturb() {
    if (random.nextInt(60) == 0) {
      disk.refusesWrites = random.nextInt(3) == 0;
      disk.refusesForces = random.nextInt(3) == 0;
      disk.capacityBytes = random.nextInt(3) == 0 ? random.nextInt(600_000) : Long.MAX_VALUE;
      process.starved = random.nextInt(6) == 0;
    }
  }

  private void join() {
    long alive = senders.values().stream().filter(sender -> !sender.isClosed).count();
    if (alive < 3 && random.nextInt(20) == 0) {
      long recording = openRecordings.isEmpty() || random.nextInt(3) == 0 ? nextId++ : openRecordings.iterator().next();
      openRecordings.add(recording);
      long session = nextId++;
      senders.put(session, new Sender(new RecordTap(
          new TapeIdentity("app", "room" + recording, 9, recording, "peer" + session, session, 1), LIMITS, process,
          nanos -> EPOCH_NANOS + nanos, nowNanos)));
    }
  }

  private void talk() {
    for (Sender sender : senders.values()) {
      if (sender.isClosed) {
        continue;
      }
      for (int i = random.nextInt(8); i > 0; i--) {
        send(sender);
      }
      sender.tap.handleTimeout(nowNanos);
      if (random.nextInt(150) == 0) {
        close(sender, TapeEnd.LEFT);
      }
    }
    if (random.nextInt(50) == 0) {
      openRecordings.stream().findFirst().ifPresent(this::order);
    }
    if (random.nextInt(200) == 0) {
      openRecordings.stream().findFirst().ifPresent(this::stop);
    }
    countHandedOver();
  }

  private void send(Sender sender) {
    byte[] packet = ChunkSamples.packet(
        96, sender.sequenceNumber & 0xFFFF, nowNanos / 11_111, 1, 16 + random.nextInt(1000));
    ByteBuffer.wrap(packet).putInt(12, sender.packets.size());
    sender.sequenceNumber++;
    long before = sender.tap.tapedPackets();
    sender.tap.rtp(sender.track, nowNanos, MemorySegment.ofArray(packet), 0, packet.length, false, false);
    sender.packets.add(sender.tap.tapedPackets() > before ? packet : null);
  }

  private void close(Sender sender, TapeEnd end) {
    sender.tap.close(nowNanos, end);
    sender.isClosed = true;
  }

  private void order(long recording) {
    process.offer(new TapeMessage.RecordingOrdered(RecordingOrders.newBuilder().setApp("app")
        .setRoom("room" + recording).setRecording(recording).setSaidMs(wallMillis())
        .setPaused(random.nextBoolean()).build()));
  }

  private void stop(long recording) {
    openRecordings.remove(recording);
    senders.values().stream().filter(sender -> !sender.isClosed && recordingOf(sender) == recording)
        .forEach(sender -> close(sender, TapeEnd.STOPPED));
    process.recordingClosed("app", "room" + recording, recording, "stop");
  }

  private long recordingOf(Sender sender) {
    return sender.tap.identity().recording();
  }

  /** What lies in slabs already handed over; what a tape still fills does not count as given to the spool. */
  private void countHandedOver() {
    for (Sender sender : senders.values()) {
      if (!sender.isOfThePast) {
        sender.journalled = sender.tap.nextTimeoutNanos() == Long.MAX_VALUE || sender.isClosed
            ? sender.packets.size() : sender.journalled;
      }
    }
    for (TapeMessage message : process.messages) {
      if (message instanceof Slab slab) {
        noteLastPacket(slab);
      }
    }
  }

  private void noteLastPacket(Slab slab) {
    byte[] bytes = new byte[slab.bytes()];
    slab.view().limit(slab.bytes()).position(0).get(bytes);
    int from = slab.sequence() == 0 ? SpooledChunk.headerBytes(bytes) : 0;
    EntryCursor cursor = new EntryCursor(MemorySegment.ofArray(bytes), from, bytes.length);
    Sender sender = senders.get(slab.tape().session());
    while (cursor.next()) {
      if (cursor.kind() == EntryKind.RTP) {
        int number = (int) Bytes.u32(MemorySegment.ofArray(bytes), cursor.payloadOffset() + 12);
        sender.journalled = Math.max(sender.journalled, number + 1);
      }
    }
  }

  private void die(boolean withMachine) {
    for (Sender sender : senders.values()) {
      sender.coveredPackets = sender.safePackets;
      sender.journalled = sender.safePackets; // what it held besides died with it
      sender.isForgotten |= !sender.isOfThePast && process.journal.isFailing();
      sender.isOfThePast = true;
      sender.diedWithProcess |= !outside.tapesClosed.containsKey(sender.tap.identity().session());
      sender.isClosed = true;
    }
    outside.wasToldTooEarly |= process.journal.isFailing();
    openRecordings.clear();
    outside.acknowledgements.clear();
    process = null;
    if (withMachine) {
      disk.crashMachine();
    } else {
      disk.crashProcess();
    }
    disk.refusesWrites = false;
    disk.refusesForces = false;
    disk.capacityBytes = Long.MAX_VALUE;
    nowNanos += 5_000 * MILLI;
  }

  /** The disk is well again, everybody leaves, the store takes everything. */
  private void finish() {
    disk.refusesWrites = false;
    disk.refusesForces = false;
    disk.capacityBytes = Long.MAX_VALUE;
    process.starved = false;
    List.copyOf(openRecordings).forEach(this::stop);
    for (int round = 0; round < 400; round++) {
      nowNanos += 500 * MILLI;
      process.step(nowNanos);
      process.uploadOne();
      while (!outside.acknowledgements.isEmpty()) {
        outside.acknowledgements.remove().run();
      }
    }
    process.step(nowNanos + 10_000 * MILLI);
    assertThat(process.uploads).isEmpty();
    assertThat(process.keeper.recordings()).as("nothing is left, seed %d", seed).isEmpty();
    assertThat(process.counters.unsentBytes.get()).isZero();
    assertThat(process.counters.memoryBytes.get()).isZero();
  }

  /** Compares store and events with what the senders remember. */
  void check() throws IOException {
    for (Map.Entry<Long, Sender> entry : senders.entrySet()) {
      check(entry.getKey(), entry.getValue());
    }
    for (long recording : senders.values().stream().map(this::recordingOf).toList()) {
      boolean hasTape = senders.values().stream().anyMatch(sender -> recordingOf(sender) == recording
          && !sender.isForgotten && outside.tapesClosed.containsKey(sender.tap.identity().session()));
      if (hasTape) {
        assertThat(outside.recordingsClosed).as("recording closed, seed %d", seed).containsKey(recording);
      }
    }
    assertThat(outside.contradicted).as("stored chunks promised again as other ones, seed %d", seed).isEmpty();
  }

  /** Another start finds nothing to tell. */
  void checkNothingComesBack() throws IOException {
    int eventsBefore = outside.events;
    start();
    assertThat(outside.events).as("events told again, seed %d", seed).isEqualTo(eventsBefore);
    assertThat(process.uploads).as("uploads again, seed %d", seed).isEmpty();
  }

  private void check(long session, Sender sender) throws IOException {
    List<byte[]> stored = new ArrayList<>();
    Map<String, Long> gapsInChunks = new HashMap<>();
    for (Map.Entry<Integer, byte[]> object : outside.objects.getOrDefault(session, new TreeMap<>()).entrySet()) {
      ChunkReader reader = ChunkReader.of(object.getValue());
      assertThat(reader.header().orElseThrow().index()).isEqualTo(object.getKey());
      while (reader.next()) {
        if (reader.entry().kind() == EntryKind.RTP) {
          stored.add(reader.entry().payload());
        }
        reader.entry().asGap().ifPresent(gap -> gapsInChunks.merge(gap.cause(), gap.packets(), Long::sum));
      }
      assertThat(reader.state()).as("chunk, seed %d", seed).isEqualTo(ChunkState.COMPLETE);
    }
    checkPackets(session, sender, stored);
    TapeClosed closed = outside.tapesClosed.get(session);
    if (closed != null && closed.getEnd() != TapeClosed.End.CRASHED && !sender.diedWithProcess && !sender.isForgotten) {
      checkAccount(session, sender, stored, closed, gapsInChunks);
    }
  }

  private void checkPackets(long session, Sender sender, List<byte[]> stored) {
    Set<Integer> numbers = new HashSet<>();
    int last = -1;
    for (byte[] packet : stored) {
      int number = ByteBuffer.wrap(packet).getInt(12);
      assertThat(numbers.add(number)).as("packet %d twice, session %d, seed %d", number, session, seed).isTrue();
      assertThat(number).as("order, seed %d", seed).isGreaterThan(last);
      assertThat(Arrays.equals(packet, sender.packets.get(number))).as("bytes, seed %d", seed).isTrue();
      last = number;
    }
    TapeClosed closed = outside.tapesClosed.get(session);
    long toldMissing = closed == null ? 0
        : closed.getGapsList().stream().filter(gap -> gap.getCause().equals("disk")).mapToLong(Gap::getPackets).sum();
    List<Integer> missing = new ArrayList<>();
    for (int number = 0; number < sender.safePackets; number++) {
      if (sender.packets.get(number) != null && !numbers.contains(number)) {
        missing.add(number);
      }
    }
    assertThat((long) missing.size())
        .as("packets older than the last completed force, session %d, seed %d: %s of %d not stored, close %s", session,
            seed, missing, sender.safePackets, closed)
        .isLessThanOrEqualTo(toldMissing);
    boolean isShort = numbers.size() < sender.packets.size();
    if (closed != null && isShort && !sender.isForgotten) {
      // Of a chunk that lived in memory only, the close that outlived it has the count; the ledger makes a gap of that.
      int lostChunks = closed.getChunks() - outside.objects.getOrDefault(session, new TreeMap<>()).size();
      assertThat(closed.getGapsCount() + lostChunks).as("loss named, session %d, seed %d", session, seed).isPositive();
    }
  }

  private void checkAccount(
      long session, Sender sender, List<byte[]> stored, TapeClosed closed, Map<String, Long> gapsInChunks) {
    long taped = sender.packets.stream().filter(packet -> packet != null).count();
    long queue = sum(closed, "queue");
    long onDisk = sum(closed, "disk");
    String about = "session " + session + ", seed " + seed;
    assertThat(queue).as("queue gap, " + about).isEqualTo(sender.packets.size() - taped);
    assertThat((long) stored.size()).as("stored, " + about).isEqualTo(taped - onDisk);
    assertThat(closed.getPackets()).as("told, " + about).isEqualTo(stored.size());
    assertThat(closed.getChunks()).as("chunks, " + about)
        .isEqualTo(outside.objects.getOrDefault(session, new TreeMap<>()).size());
    assertThat(gapsInChunks.getOrDefault("disk", 0L)).as("disk gap in chunks, " + about).isEqualTo(onDisk);
  }

  private static long sum(TapeClosed closed, String cause) {
    return closed.getGapsList().stream().filter(gap -> gap.getCause().equals(cause)).mapToLong(Gap::getPackets).sum();
  }

  private long wallMillis() {
    return (EPOCH_NANOS + nowNanos) / MILLI;
  }

  private static byte[] read(SpooledChunk chunk) {
    try {
      return chunk.read();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
