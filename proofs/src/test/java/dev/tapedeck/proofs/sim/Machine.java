package dev.tapedeck.proofs.sim;

import dev.tapedeck.media.core.record.Pressure;
import dev.tapedeck.media.core.record.RecordLimits;
import dev.tapedeck.media.core.record.RecordTap;
import dev.tapedeck.media.core.record.Slab;
import dev.tapedeck.media.core.record.SlabSink;
import dev.tapedeck.media.core.record.TapeEnd;
import dev.tapedeck.media.core.record.TapeIdentity;
import dev.tapedeck.media.core.record.TapeMessage;
import dev.tapedeck.media.core.record.UnfinishedRecording;
import dev.tapedeck.media.io.spool.Durability;
import dev.tapedeck.media.io.spool.ObjectPut;
import dev.tapedeck.media.io.spool.PresignedPut;
import dev.tapedeck.media.io.spool.SimDisk;
import dev.tapedeck.media.io.spool.SimNode;
import dev.tapedeck.media.io.spool.SpoolConfig;
import dev.tapedeck.protocol.chunk.GapEntry;
import dev.tapedeck.protocol.wire.NodeHello;
import dev.tapedeck.protocol.wire.RecordingOpened;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;

/**
 * A machine with a disk, and on it one media server process after the other: sessions come, talk and leave, the spool
 * works, and at any point all of it may stop. One at a time runs code of it, so a crash unwinds exactly its own.
 */
final class Machine {
  private static final long MILLI = SimClock.MILLI;
  private static final RecordLimits LIMITS = new RecordLimits(16 << 10, 250 * MILLI, 64 << 10, 2_000 * MILLI);
  private static final String SHED = "shed";
  private static final int SLABS = 16;
  private static final long COMMIT_INTERVAL_MILLIS = 500;
  private static final int MAX_SESSIONS = 3;
  private static final int MAX_DEPTH = 2;
  private static final int LONGEST_FALL_MILLIS = 5_000;

  /** Longer than the connector waits before it gives a media server up. */
  private static final int LONGEST_WAIT_SECONDS = 200;
  private static final long NEVER = Long.MAX_VALUE;

  private final World world;
  private final SplittableRandom random;
  private final Weather weather;

  final SimDisk disk;
  private long nodeNumber;

  private SimNode node;
  private NodeLink link;
  private SlabSink sink;
  private boolean isStarved;
  private int depth;
  private boolean isInSpool;

  /** Everybody was sent away, and nobody is let in. */
  private boolean isStopping;
  private long downUntilNanos;

  /** When the process dies, unless something else kills it before; {@link #NEVER} if nothing is planned. */
  private long fallsAtNanos = NEVER;

  /** It will not come back. */
  boolean isBuried;

  private final List<Recording> recordings = new ArrayList<>();
  private final Durability durability;

  /** Since when the disk takes everything, and the longest pause between two steps lately. */
  private long healthySinceNanos;
  private long lastStepNanos;
  private long longestPauseNanos;

  /** Since when the disk forces, {@link #NEVER} if it does not; and the longest it took over it. */
  private long forcingSinceNanos = NEVER;
  private long longestForceNanos;
  private long safeNanos;
  private long durableNanos;
  private long losses;

  Machine(World world, long nodeNumber, SplittableRandom random, Weather weather) {
    this.world = world;
    this.nodeNumber = nodeNumber;
    this.random = random;
    this.weather = weather;
    durability = weather.durability();
    disk = world.bug.disk(random.split());
    disk.meanwhile = () -> pass(10 + this.random.nextInt(60), false);
  }

  boolean isUp() {
    return node != null;
  }

  /** Some milliseconds of its life. */
  void step() {
    guard(() -> {
      if (node == null) {
        startIfDue();
        return;
      }
      disturb();
      beThere(true);
      if (random.nextInt(4) > 0) {
        spool();
      }
      if (random.nextInt(3) == 0) {
        upload();
      }
      link.step();
      if (weather.processes() && (random.nextInt(300) == 0 || world.clock.nanos() >= fallsAtNanos)) {
        throw new SimDisk.Crash();
      }
      if (weather.processes() && random.nextInt(900) == 0) {
        stopInOrder();
      }
    });
  }

  /** A moment in which nobody speaks. */
  void idle() {
    guard(() -> {
      if (node == null) {
        startIfDue();
        return;
      }
      beThere(false);
      spool();
      upload();
      link.step();
    });
  }

  /** Nothing goes wrong from now on; whoever is there leaves. */
  void heal() {
    clearDisk();
    disk.operationsToCrash = -1;
    isStarved = false;
    fallsAtNanos = NEVER;
    downUntilNanos = 0;
    if (link != null) {
      link.isMoody = false;
      link.cutOffUntilMillis = 0;
    }
  }

  void sendEverybodyHome() {
    guard(() -> {
      List.copyOf(recordings).forEach(this::stop);
      idle();
    });
  }

  /** Works until nothing is left to do. @return whether there is nothing */
  boolean settle() {
    if (isBuried) {
      return true;
    }
    idle();
    for (int i = 0; node != null && i < 50 && tryUpload(); i++) {
      spool();
      link.step();
    }
    return node != null && node.counters().recordings.get() == 0 && link.isQuiet();
  }

  /** A process that starts once more on this disk. @return whether it finds anything to tell or to store */
  boolean findsSomething() {
    if (isBuried) {
      return false;
    }
    stopProcess();
    guard(this::start);
    return !link.isQuiet() || node.counters().unsentBytes.get() > 0;
  }

  private void guard(Runnable life) {
    try {
      life.run();
    } catch (SimDisk.Crash crash) {
      die(random.nextBoolean());
    }
  }

  private void startIfDue() {
    if (!isBuried && world.clock.nanos() >= downUntilNanos) {
      start();
    }
  }

  private void start() {
    NodeHello hello = NodeHello.newBuilder().setNode((int) nodeNumber).setIncarnation(world.nextId())
        .setVersion("simulated").build();
    link = new NodeLink(hello, world.connector, world.clock, random.split(), world.faults);
    link.isMoody = weather.link() && !world.isHealing;
    disk.operationsToCrash = weather.processes() && !world.isHealing ? random.nextInt(600) : -1;
    LongSupplier nanos = world.clock::nanos;
    try {
      node = new SimNode(disk, world.bug.config(config()), world.bug.link(link),
          world.bug.put(new SlowPut()), world.bug.events(link), random.split(), nanos, world.clock::wallMillis,
          world.isHealing ? Duration.ZERO : Duration.ofSeconds(random.nextInt(LONGEST_WAIT_SECONDS)));
    } catch (IOException e) {
      world.faults.hit("node: start refused by the disk");
      downUntilNanos = world.clock.nanos() + 1_000 * MILLI;
      clearDisk();
      return;
    }
    sink = world.bug.tapes(new Tapes());
    world.note("node " + nodeNumber + " starts");
    node.unfinished().forEach(this::comeBack);
    lastStepNanos = world.clock.nanos();
    healthySinceNanos = lastStepNanos;
    longestPauseNanos = 0;
    losses = 0;
    safeNanos = Long.MIN_VALUE;
    durableNanos = Long.MIN_VALUE;
  }

  /** Somebody returns to the room within the grace time, or nobody does. */
  private void comeBack(UnfinishedRecording left) {
    Recording recording = world.recordings.stream().filter(each -> each.id == left.recording()).findFirst()
        .orElseThrow();
    recording.mayEndByCrash |= recording.isLeftOpen; // whether somebody was there meanwhile, nobody knows
    if (world.faults.hitIf(random.nextInt(4) > 0, "node: recording goes on in the next process")) {
      recording.goesOn();
      recordings.add(recording);
    } else {
      sink.recordingClosed(left.app(), left.room(), left.recording(), UnfinishedRecording.CRASH);
    }
    recording.isLeftOpen = true;
  }

  private SpoolConfig config() {
    return new SpoolConfig(durability, Duration.ofMillis(COMMIT_INTERVAL_MILLIS), LIMITS.slabBytes(),
        (long) SLABS * LIMITS.slabBytes(), 256 << 10, 1 << 30, 64 << 10, 1, Duration.ofSeconds(1),
        Duration.ofMillis(20), Duration.ofSeconds(2));
  }

  private void disturb() {
    if (weather.slabs() && random.nextInt(60) == 0) {
      isStarved = world.faults.hitIf(random.nextInt(3) == 0, "tape: no slab to be had");
    }
    if (weather.disk() && random.nextInt(60) == 0) {
      disk.refusesWrites = random.nextInt(3) == 0;
      disk.refusesForces = random.nextInt(3) == 0;
      disk.refusesReads = random.nextInt(6) == 0;
      disk.capacityBytes = random.nextInt(3) == 0 ? random.nextInt(400_000) : Long.MAX_VALUE;
      disk.operationsToSlow = random.nextInt(3) == 0 ? random.nextInt(10) : -1;
    }
  }

  private void clearDisk() {
    disk.refusesWrites = false;
    disk.refusesForces = false;
    disk.refusesReads = false;
    disk.capacityBytes = Long.MAX_VALUE;
    disk.operationsToSlow = -1;
  }

  /** What the worker does: sessions, and what their tapes have to do by time. */
  private void beThere(boolean talking) {
    if (isStopping) {
      return;
    }
    long now = world.clock.nanos();
    if (talking) {
      join(now);
    }
    for (Recording recording : List.copyOf(recordings)) {
      for (TapedSession session : recording.sessions) {
        be(session, now, talking);
      }
      if (talking) {
        stopByChance(recording, now);
      }
    }
    longestPauseNanos = Math.max(now - lastStepNanos, longestPauseNanos - (now - lastStepNanos) / 2);
    lastStepNanos = now;
  }

  /** Where all of a recording is stored but its end, nothing but the journal remembers that when the process dies. */
  private void stopByChance(Recording recording, long now) {
    boolean isLeft = recording.sessions.stream().allMatch(session -> session.isClosed) && world.isKept(recording);
    if (random.nextInt(isLeft ? 3 : 300) > 0) {
      return;
    }
    if (isLeft && weather.processes()) {
      link.loseWay(LONGEST_FALL_MILLIS);
      fallsAtNanos = Math.min(fallsAtNanos, now + random.nextInt(LONGEST_FALL_MILLIS) * MILLI);
    }
    stop(recording);
  }

  private void be(TapedSession session, long now, boolean talking) {
    if (session.isClosed) {
      if (talking && random.nextInt(20) == 0) {
        session.sendBehindTheEnd(now);
      }
      return;
    }
    if (talking) {
      session.talk(random, now, world.faults);
      if (!session.isEmpty()) {
        tellOnce(session.recording);
      }
    }
    session.handleTimeout(now);
    if (talking && random.nextInt(200) == 0) {
      session.close(now, random.nextInt(3) == 0 ? TapeEnd.TIMED_OUT : TapeEnd.LEFT);
    }
  }

  private void join(long now) {
    long there = recordings.stream().flatMap(recording -> recording.sessions.stream())
        .filter(session -> !session.isClosed).count();
    if (there >= MAX_SESSIONS || random.nextInt(20) > 0) {
      return;
    }
    Recording recording = recordings.isEmpty() || random.nextInt(3) == 0 ? open() : recordings.getLast();
    TapeIdentity identity = new TapeIdentity(recording.app, recording.room, recording.roomInstance, recording.id,
        "peer " + random.nextInt(4), world.nextId(), (int) nodeNumber);
    world.note("session " + identity.session() + " of recording " + recording.id + " joins");
    recording.sessions.add(new TapedSession(recording,
        new RecordTap(identity, LIMITS, sink, SimClock::wallNanos, now), random, now));
  }

  private Recording open() {
    Recording recording = world.newRecording(this);
    recordings.add(recording);
    return recording;
  }

  private void tellOnce(Recording recording) {
    if (!recording.isTold) {
      recording.isTold = true;
      link.recordingOpened(RecordingOpened.newBuilder().setApp(recording.app).setRoom(recording.room)
          .setInstance(recording.roomInstance).setRecording(recording.id).build());
    }
  }

  private void stop(Recording recording) {
    long now = world.clock.nanos();
    recording.sessions.stream().filter(session -> !session.isClosed)
        .forEach(session -> session.close(now, TapeEnd.STOPPED));
    recordings.remove(recording);
    recording.stoppedNanos = now;
    world.note("recording " + recording.id + " is stopped");
    sink.recordingClosed(recording.app, recording.room, recording.id, "stop");
  }

  private void spool() {
    long begin = world.clock.nanos();
    isInSpool = true;
    try {
      node.step(begin);
    } finally {
      isInSpool = false;
    }
    noteLosses();
    noteHealth(begin);
  }

  /** A step that went through without trouble has journalled what came before it, and forced what is old enough. */
  private void noteHealth(long begin) {
    long now = world.clock.nanos();
    boolean isHealthy = node.counters().diskFailing.get() == 0 && now == begin;
    if (!isHealthy) {
      healthySinceNanos = now;
      return;
    }
    noteForce(now);
    long handOverNanos = LIMITS.slabAgeNanos() + 2 * longestPauseNanos;
    long intervalNanos = durability == Durability.ALWAYS ? 0 : (COMMIT_INTERVAL_MILLIS * MILLI) + 2 * longestPauseNanos;
    long forceNanos = intervalNanos + 2 * longestForceNanos;
    long healthyNanos = now - healthySinceNanos;
    if (durability != Durability.PRESSURE && healthyNanos >= handOverNanos) {
      safeNanos = now - handOverNanos;
    }
    if (durability != Durability.PRESSURE && healthyNanos >= handOverNanos + forceNanos) {
      durableNanos = now - handOverNanos - forceNanos;
    }
  }

  /** What comes while one force is at work waits for the next. */
  private void noteForce(long now) {
    if (forcingSinceNanos != NEVER) {
      longestForceNanos = Math.max(longestForceNanos, now - forcingSinceNanos);
    }
    if (!node.isForcing()) {
      forcingSinceNanos = NEVER;
    } else if (forcingSinceNanos == NEVER) {
      forcingSinceNanos = now;
    }
  }

  private void upload() {
    if (depth < MAX_DEPTH) {
      tryUpload();
    }
  }

  private boolean tryUpload() {
    try {
      return node.tryUpload();
    } catch (InterruptedException e) {
      throw new AssertionError("nobody interrupts a simulation", e);
    }
  }

  /** Life goes on while an upload or the disk takes its time. */
  private void pass(int moments, boolean isSpoolFree) {
    if (depth >= MAX_DEPTH || node == null) {
      return;
    }
    depth++;
    for (int i = 0; i < moments; i++) {
      world.clock.advanceMillis(1 + random.nextInt(40));
      beThere(!world.isHealing);
      if (isSpoolFree && !isInSpool && random.nextInt(3) > 0) {
        spool();
      }
      link.step();
      if (weather.processes() && !world.isHealing && random.nextInt(300) == 0) {
        throw new SimDisk.Crash();
      }
    }
    depth--;
  }

  private void die(boolean withMachine) {
    noteLosses();
    world.note("node " + nodeNumber + (withMachine ? " dies with its machine" : " dies") + ", safe until "
        + SimClock.wallMillis(withMachine ? durableNanos : safeNanos) + ", " + durability + ", disk failing "
        + (node == null ? "?" : node.counters().diskFailing.get()));
    world.died(this, withMachine ? durableNanos : safeNanos);
    recordings.clear();
    if (withMachine) {
      disk.crashMachine();
    } else {
      disk.crashProcess();
    }
    clearDisk();
    isStarved = false;
    stopProcess();
    downUntilNanos = world.clock.nanos() + random.nextInt(random.nextBoolean() ? 3_000 : 150_000) * MILLI;
    if (weather.graves() && !world.isHealing && random.nextInt(2) == 0) {
      bury();
    } else if (world.faults.hitIf(random.nextInt(3) == 0, "node: disk started by another node")) {
      nodeNumber = world.nextNode();
    }
  }

  /** Only what the spool dropped may be named as lost by the disk, only what it pressed for as shed. */
  private void noteLosses() {
    long lossesNow = node == null ? 0
        : node.counters().droppedPackets.get() + node.counters().chunksUnreadable.get();
    if (lossesNow > losses) {
      world.mayName(this, GapEntry.DISK);
    }
    losses = lossesNow;
  }

  private void bury() {
    isBuried = true;
    world.faults.hit("node: never came back");
    world.note("node " + nodeNumber + " never comes back");
    world.buried(this);
  }

  private void stopInOrder() {
    world.faults.hit("node: stopped in order");
    world.note("node " + nodeNumber + " is stopped in order");
    List.copyOf(recordings).forEach(this::stop);
    isStopping = true; // the spool is closed behind its tapes, however long its disk takes over it
    node.finish();
    boolean isAllDurable = node.counters().diskFailing.get() == 0;
    noteLosses();
    world.died(this, isAllDurable ? Long.MAX_VALUE : safeNanos);
    clearDisk();
    disk.operationsToCrash = -1;
    stopProcess();
    downUntilNanos = world.clock.nanos() + random.nextInt(3_000) * MILLI;
  }

  private void stopProcess() {
    depth = 0;
    isInSpool = false;
    isStopping = false;
    fallsAtNanos = NEVER;
    link.cut();
    node = null;
  }

  /** Where tapes hand over; sometimes there is no slab. */
  private final class Tapes implements SlabSink {
    private final SlabSink inner = node.sink();

    @Override
    public Slab take() {
      return isStarved ? null : inner.take();
    }

    @Override
    public Pressure pressure() {
      Pressure pressure = inner.pressure();
      if (pressure != Pressure.NONE) {
        world.mayName(Machine.this, SHED);
      }
      return pressure;
    }

    @Override
    public void offer(TapeMessage message) {
      inner.offer(message);
    }
  }

  /** A PUT takes time, in which everything else goes on. */
  private final class SlowPut implements ObjectPut {
    @Override
    public void put(PresignedPut target, byte[] body) throws IOException {
      pass(random.nextInt(3), true);
      world.store.put(target, body);
      pass(random.nextInt(3), true);
    }

    @Override
    public void close() {}
  }
}
