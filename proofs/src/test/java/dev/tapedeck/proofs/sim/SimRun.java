package dev.tapedeck.proofs.sim;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * One seed, from its first packet to its judgement. The same seed gives the same history.
 *
 * @param packets handed in by the senders
 * @param history what happened to the programs
 * @param found   what did not hold; empty if all did
 * @param dump    the run written down, if that was asked for and it came to an end
 */
record SimRun(
    long seed, Faults faults, long packets, List<String> history, Optional<Found> found, Optional<Path> dump) {

  /** Lives through the seed and judges it. @param dumpTo where the run is written down, empty for nowhere */
  static SimRun of(long seed, PlantedBug bug, ConnectorHome home, Optional<Path> dumpTo) throws IOException {
    home.empty();
    bug.plant(home.database);
    World world = new World(seed, bug, home);
    Optional<Path> dump = Optional.empty();
    Optional<Found> found = Optional.empty();
    try {
      world.live();
      if (dumpTo.isPresent()) {
        dump = Optional.of(RunDump.write(world, seed, dumpTo.get()));
      }
      new Custody(world).check();
    } catch (Found broken) {
      found = Optional.of(broken);
    } catch (RuntimeException e) {
      found = Optional.of(new Found("nothing throws", String.valueOf(e), e));
    } finally {
      bug.remove(home.database);
    }
    long packets = world.recordings.stream().flatMap(recording -> recording.sessions.stream())
        .mapToLong(session -> session.log.size()).sum();
    return new SimRun(seed, world.faults, packets, world.story, found, dump);
  }

  boolean isRed() {
    return found.isPresent();
  }

  /** Everything that helps to understand a red seed. */
  String story() {
    return "seed " + seed + ": " + found.map(Found::getMessage).orElse("all held") + "\n  "
        + String.join("\n  ", history);
  }
}
