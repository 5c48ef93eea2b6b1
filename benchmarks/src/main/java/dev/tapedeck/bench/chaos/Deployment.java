package dev.tapedeck.bench.chaos;

import dev.tapedeck.bench.lab.Folders;
import dev.tapedeck.bench.lab.Lab;
import dev.tapedeck.bench.lab.StoreDoor.Mood;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Media server, connector and composer as processes, an S3 store behind a door in this one, and what can befall them. All
 * runs are made in one deployment, so that what a fault leaves behind meets the next.
 */
final class Deployment implements AutoCloseable {
  /** A killed composer's job is another's after this long. */
  private static final Map<String, String> COMPOSER = Map.of("composer.lease", "2s", "composer.max-attempts", "5");
  private static final int LEAST_STEP_SECONDS = 30;
  private static final int FAR_STEP_SECONDS = 3600;

  private final Lab lab;
  private final Optional<SmallDisk> disk;
  private final Optional<SteppedClock> clock;
  private int kills;

  private Deployment(Lab lab, Optional<SmallDisk> disk, Optional<SteppedClock> clock) {
    this.lab = lab;
    this.disk = disk;
    this.clock = clock;
  }

  /** @param folder emptied first; keeps logs and data of the programs */
  static Deployment start(Path folder) throws IOException {
    Path root = Folders.empty(folder).toAbsolutePath();
    Optional<SmallDisk> disk = SmallDisk.mount(root.resolve("media-server"));
    try {
      Optional<SteppedClock> clock = SteppedClock.find(root.resolve("clock"));
      // Memory and disk are small, so that a full disk comes to matter within seconds.
      Map<String, String> media = new LinkedHashMap<>(Map.of(
          "record.memory-budget", "1MiB", "record.disk-budget", "48MiB", "media.loopback", "true"));
      Lab lab = Lab.start(root, Map.of(), media, clock.map(SteppedClock::environment).orElse(Map.of()));
      Deployment deployment = new Deployment(lab, disk, clock);
      lab.startComposer(COMPOSER);
      return deployment;
    } catch (IOException | RuntimeException | Error e) {
      disk.ifPresent(SmallDisk::close);
      throw e;
    }
  }

  Lab lab() {
    return lab;
  }

  /** Faults this machine lets us make; the others need root or a library. */
  List<Fault> possible() {
    List<Fault> faults = new ArrayList<>(List.of(Fault.values()));
    if (disk.isEmpty()) {
      faults.remove(Fault.DISK_FULL);
    }
    if (clock.isEmpty()) {
      faults.remove(Fault.CLOCK_STEPS);
    }
    return faults;
  }

  /** Processes killed so far. */
  int kills() {
    return kills;
  }

  /** Begins a fault; a kill is begun by the methods below. */
  void begin(ChaosPlan plan) throws IOException {
    switch (plan.fault()) {
      case MEDIA_SERVER_FROZEN -> lab.mediaServer().freeze();
      case CONNECTOR_FROZEN -> lab.connector().freeze();
      case CONNECTOR_KILLED -> {
        lab.connector().kill();
        kills++;
      }
      case STORE_REFUSES -> lab.store().door().set(refusal(plan.strength()));
      case STORE_HANGS -> lab.store().door().set(Mood.HANGING);
      case DISK_FULL -> {
        disk.orElseThrow().fill();
        // Every other time the store is away too, so that memory runs out and packets must be dropped.
        lab.store().door().set(plan.strength() < 0.5 ? Mood.OPEN : Mood.FAILING);
      }
      case CLOCK_STEPS -> clock.orElseThrow().set(stepSeconds(plan.strength()));
      case MEDIA_SERVER_KILLED, COMPOSER_KILLED, NETWORK_LOSES -> {}
    }
  }

  /** Ends what {@link #begin} began. */
  void end(ChaosPlan plan) throws IOException {
    switch (plan.fault()) {
      case MEDIA_SERVER_FROZEN -> lab.mediaServer().thaw();
      case CONNECTOR_FROZEN -> lab.connector().thaw();
      case CONNECTOR_KILLED -> lab.startConnector();
      case STORE_REFUSES, STORE_HANGS -> lab.store().door().set(Mood.OPEN);
      case DISK_FULL -> {
        lab.store().door().set(Mood.OPEN);
        disk.orElseThrow().empty();
      }
      case CLOCK_STEPS -> clock.orElseThrow().set(0);
      case MEDIA_SERVER_KILLED, COMPOSER_KILLED, NETWORK_LOSES -> {}
    }
  }

  /** What a fault is measured by: requests the store did not serve, writes the disk refused. */
  double effect(Fault fault) {
    return switch (fault) {
      case STORE_REFUSES, STORE_HANGS -> Stream.of(Mood.FORBIDDEN, Mood.FAILING, Mood.RESETTING, Mood.HANGING)
          .mapToLong(lab.store().door()::requests).sum();
      case DISK_FULL -> lab.metric("tapedeck_spool_disk_failures");
      case MEDIA_SERVER_KILLED, CONNECTOR_KILLED, COMPOSER_KILLED, MEDIA_SERVER_FROZEN, CONNECTOR_FROZEN, CLOCK_STEPS,
          NETWORK_LOSES -> 0;
    };
  }

  /** @return Unix nanoseconds just before the signal */
  long killMediaServer() {
    kills++;
    return lab.mediaServer().kill();
  }

  void killComposer() {
    kills++;
    lab.composer().kill();
    lab.startComposer(COMPOSER);
  }

  @Override
  public void close() {
    try {
      lab.close();
    } finally {
      disk.ifPresent(SmallDisk::close);
    }
  }

  private static Mood refusal(double strength) {
    List<Mood> moods = List.of(Mood.FORBIDDEN, Mood.FAILING, Mood.RESETTING);
    return moods.get((int) (strength * moods.size()));
  }

  /** Up to an hour, in the lower half of the strength backwards. */
  private static int stepSeconds(double strength) {
    double share = strength * 2 - 1;
    return (int) (share * FAR_STEP_SECONDS) + (share < 0 ? -LEAST_STEP_SECONDS : LEAST_STEP_SECONDS);
  }
}
