package dev.tapedeck.proofs.sim;

import dev.tapedeck.connector.core.ledger.ChunkLedger;
import dev.tapedeck.connector.core.ledger.Promise;
import dev.tapedeck.connector.core.ledger.Tape;
import dev.tapedeck.connector.io.store.Database;
import dev.tapedeck.connector.io.store.RecordingRows;
import dev.tapedeck.connector.io.store.TapeRows;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/**
 * One seeded history of the whole record path: tapes, spools on their machines, a store, a connector with its ledger,
 * and all that goes wrong between them. In the end everything is well again, as far as it can be, and all that is left
 * to say has been said. One thread, no socket, no file, no sleep.
 */
final class World {
  private static final long TICK_MILLIS = 1_000;

  /** Where only time-outs are waited for. */
  private static final long LONG_MOMENT_MILLIS = 3_000;
  private static final int SHORT_MOMENTS = 60;
  private static final int MAX_SETTLING_MOMENTS = 4_000;

  final PlantedBug bug;
  final SimClock clock = new SimClock();
  final Faults faults = new Faults();
  final SimStore store;
  final ConnectorProcess connector;
  final Database database;
  final List<Recording> recordings = new ArrayList<>();

  /** What happened to the programs, for whoever has to understand a red seed. */
  final List<String> story = new ArrayList<>();

  /** Everything is being mended. */
  boolean isHealing;

  private final SplittableRandom random;
  private final Weather weather;
  private final List<Machine> machines = new ArrayList<>();
  private long lastId = 1L << 32;
  private long lastNode;
  private long nextTickMillis;
  private long connectorDownUntilMillis;

  World(long seed, PlantedBug bug, ConnectorHome home) {
    this.bug = bug;
    database = home.database;
    random = new SplittableRandom(seed);
    weather = Weather.of(random);
    store = new SimStore(random.split(), clock, faults);
    store.isMoody = weather.store();
    connector = new ConnectorProcess(home, bug.objects(store), clock, faults, random.split());
    int count = 1 + random.nextInt(2);
    for (int i = 0; i < count; i++) {
      machines.add(new Machine(this, nextNode(), random.split(), weather));
    }
  }

  void live() {
    connector.start();
    for (int moment = 150 + random.nextInt(350); moment > 0; moment--) {
      clock.advanceMillis(1 + random.nextInt(40));
      disturbConnector();
      tickIfDue();
      machines.forEach(Machine::step);
      if (weather.store() && random.nextInt(200) == 0) {
        store.loseOne(verifiedKeys());
      }
      if (random.nextInt(400) == 0) {
        waitLong();
      }
    }
    mend();
  }

  void note(String what) {
    story.add(clock.wallMillis() + " " + what);
  }

  long nextId() {
    return ++lastId;
  }

  long nextNode() {
    return ++lastNode;
  }

  Recording newRecording(Machine home) {
    Recording recording = new Recording(home, "app", "room " + random.nextInt(3), nextId(), nextId());
    recordings.add(recording);
    return recording;
  }

  /** A process on this machine ended. @param safeNanos what was done until then was on the disk */
  void died(Machine machine, long safeNanos) {
    unsettledOn(machine).forEach(recording -> recording.orphaned(safeNanos));
  }

  void buried(Machine machine) {
    unsettledOn(machine).forEach(Recording::buried);
  }

  /** Whatever is not stored yet of this machine's tapes may have lost something for this cause. */
  void mayName(Machine machine, String cause) {
    unsettledOn(machine)
        .forEach(recording -> recording.sessions.forEach(session -> session.possibleCauses.add(cause)));
  }

  private List<Recording> unsettledOn(Machine machine) {
    return recordings.stream().filter(recording -> recording.home == machine && !isSettled(recording)).toList();
  }

  /** Whether the ledger has all of it and needs nobody any more. */
  private boolean isSettled(Recording recording) {
    boolean isToldOver = database.read(handle -> RecordingRows.find(handle, recording.app, recording.id))
        .filter(RecordingRows.Recording::isClosedInOrder).isPresent();
    boolean isOver = recording.stoppedNanos < Recording.NOT_STOPPED && isToldOver;
    return isOver && isKept(recording);
  }

  /** Whether the ledger has every tape of it, whole. */
  boolean isKept(Recording recording) {
    return isHeardOf(recording) && new ChunkLedger(tapesOf(recording)).isSettled();
  }

  /** Whether the ledger knows every tape of it; a close that was only assumed may have come before them. */
  private boolean isHeardOf(Recording recording) {
    Set<Long> known = tapesOf(recording).stream().map(Tape::session).collect(Collectors.toSet());
    return recording.sessions.stream().allMatch(session -> session.isEmpty() || known.contains(session.session));
  }

  private Set<String> verifiedKeys() {
    Set<String> keys = new HashSet<>();
    recordings.forEach(recording -> tapesOf(recording).forEach(tape -> tape.promises().stream()
        .filter(promise -> promise.state() == Promise.State.VERIFIED).forEach(promise -> keys.add(promise.key()))));
    return keys;
  }

  private List<Tape> tapesOf(Recording recording) {
    return database.read(handle -> TapeRows.of(handle, recording.app, recording.id));
  }

  private void disturbConnector() {
    if (connector.isUp()) {
      if (weather.connector() && connector.operationsToCrash < 0 && random.nextInt(80) == 0) {
        connector.operationsToCrash = random.nextInt(60);
      }
      if (weather.connector() && faults.hitIf(random.nextInt(500) == 0, "connector: away")) {
        connector.stop();
        note("connector is away");
        connectorDownUntilMillis = clock.wallMillis() + random.nextInt(100_000);
      }
    } else if (clock.wallMillis() >= connectorDownUntilMillis || random.nextInt(30) == 0) {
      connector.start();
    }
  }

  private void tickIfDue() {
    if (clock.wallMillis() >= nextTickMillis) {
      nextTickMillis = clock.wallMillis() + TICK_MILLIS;
      connector.tick();
    }
  }

  /** Nobody speaks for minutes: what waits with a limit gives up waiting. */
  private void waitLong() {
    for (int i = 4 + random.nextInt(36); i > 0; i--) {
      clock.advanceMillis(LONG_MOMENT_MILLIS);
      disturbConnector();
      tickIfDue();
      machines.forEach(Machine::idle);
    }
  }

  private void mend() {
    isHealing = true;
    note("everything is mended");
    store.isMoody = false;
    connector.operationsToCrash = -1;
    if (!connector.isUp()) {
      connector.start();
    }
    machines.forEach(Machine::heal);
    machines.forEach(Machine::sendEverybodyHome);
    for (int moment = 0; moment < MAX_SETTLING_MOMENTS; moment++) {
      clock.advanceMillis(moment < SHORT_MOMENTS ? TICK_MILLIS : LONG_MOMENT_MILLIS);
      connector.tick();
      boolean isQuiet = true;
      for (Machine machine : machines) {
        isQuiet &= machine.settle();
      }
      if (isQuiet && database.read(RecordingRows::unsettled).isEmpty()) {
        findNothingMore();
        return;
      }
    }
    throw new Found("everything is stored and said in the end",
        "unsettled " + database.read(RecordingRows::unsettled));
  }

  private void findNothingMore() {
    for (Machine machine : machines) {
      faults.add("disk: ", machine.disk.hits);
      Found.unless(!machine.findsSomething(), "a further start finds nothing to do", "but it does");
    }
  }
}
