package dev.tapedeck.proofs.sim;

import dev.tapedeck.connector.core.record.RecordingLife;
import dev.tapedeck.connector.core.room.RoomLife;
import dev.tapedeck.connector.io.grpc.ChunkDesk;
import dev.tapedeck.connector.io.hook.Hooks;
import dev.tapedeck.connector.io.life.Feed;
import dev.tapedeck.connector.io.life.Life;
import dev.tapedeck.connector.io.objects.ObjectStore;
import dev.tapedeck.connector.io.objects.RecordedObjects;
import dev.tapedeck.connector.io.secrets.SigningKeys;
import dev.tapedeck.connector.io.store.Database;
import dev.tapedeck.connector.io.store.NodeRows;
import dev.tapedeck.protocol.wire.NodeEvent;
import dev.tapedeck.protocol.wire.NodeHello;
import dev.tapedeck.protocol.wire.NodeRequest;
import dev.tapedeck.protocol.wire.NodeResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/**
 * The connector's real inside, from its intake to its finalizer, with its real database, on the caller's thread. It
 * dies at any look at the clock or the store, inside a transaction or between two; the database keeps what was
 * committed.
 */
final class ConnectorProcess {
  static final RecordingLife.Limits PATIENCE =
      new RecordingLife.Limits(Duration.ofSeconds(30), Duration.ofSeconds(60), Duration.ofSeconds(60));

  private static final Duration KEEP_EVENTS = Duration.ofDays(30);
  private static final Duration UPLOAD_VALIDITY = Duration.ofMinutes(10);
  private static final int NODE = 30;

  /** The process stops here; no code of it runs on. */
  private static final class Crash extends Error {
    private static final long serialVersionUID = 1L;

    Crash() {
      super("simulated crash of the connector", null, false, false);
    }
  }

  private final Database database;
  private final SigningKeys keys;
  private final RecordedObjects objects;
  private final SimClock clock;
  private final Faults faults;
  private final SplittableRandom random;
  private Life life;
  private ChunkDesk desk;
  private int incarnation;

  /** Operations until the process stops, negative for never. */
  long operationsToCrash = -1;

  ConnectorProcess(
      ConnectorHome home, RecordedObjects objects, SimClock clock, Faults faults, SplittableRandom random) {
    database = home.database;
    keys = home.keys;
    this.objects = new MortalObjects(objects);
    this.clock = clock;
    this.faults = faults;
    this.random = random;
  }

  void start() {
    incarnation++;
    operationsToCrash = -1;
    database.run(handle -> NodeRows.allGone(handle, clock.wallMillis()));
    Feed feed = new Feed(new Hooks(List.of()), NODE);
    life = new Life(database, this.objects, feed, KEEP_EVENTS, keys,
        new RoomLife(Duration.ofSeconds(120), PATIENCE.nodeLost()), new RecordingLife(PATIENCE), this::wallMillis,
        random, () -> { });
    desk = new ChunkDesk(database, this.objects, feed, UPLOAD_VALIDITY, this::wallMillis, () -> { });
  }

  /** Stops without a word. */
  void stop() {
    life = null;
    desk = null;
  }

  boolean isUp() {
    return life != null;
  }

  /** Counts starts: a stream to another incarnation is broken. */
  int incarnation() {
    return incarnation;
  }

  long attached(NodeHello hello) throws IOException {
    return alive(() -> life.intake().attached(hello));
  }

  void detached(NodeHello hello) throws IOException {
    alive(() -> {
      life.intake().detached(hello);
      return 0L;
    });
  }

  /** @return highest event that is stored */
  long store(NodeHello hello, List<NodeEvent> events) throws IOException {
    return alive(() -> life.intake().store(hello, events));
  }

  NodeResponse answer(NodeRequest request) throws IOException {
    return alive(() -> desk.answer(request));
  }

  void tick() {
    try {
      alive(() -> {
        life.tick();
        return 0L;
      });
    } catch (IOException e) {
      // it is down; what it had begun is looked at again after its next start
    }
  }

  private <T> T alive(Supplier<T> work) throws IOException {
    if (!isUp()) {
      throw new IOException("the connector is away");
    }
    try {
      T answer = work.get();
      operation(); // after the work, before anybody hears of it
      return answer;
    } catch (Crash crash) {
      faults.hit("connector: crash");
      stop();
      throw new IOException("the connector died", crash);
    }
  }

  private long wallMillis() {
    operation();
    return clock.wallMillis();
  }

  private void operation() {
    if (operationsToCrash >= 0 && operationsToCrash-- == 0) {
      throw new Crash();
    }
  }

  /** The store, seen by a process that may die before and after each call. */
  private final class MortalObjects implements RecordedObjects {
    private final RecordedObjects inner;

    MortalObjects(RecordedObjects inner) {
      this.inner = inner;
    }

    @Override
    public ObjectStore.Upload presignPut(String key, long bytes, byte[] sha256, Duration validity) {
      return inner.presignPut(key, bytes, sha256, validity);
    }

    @Override
    public Optional<ObjectStore.Seen> head(String key) throws IOException {
      operation();
      return inner.head(key);
    }

    @Override
    public String hash(String key) throws IOException {
      operation();
      return inner.hash(key);
    }

    @Override
    public byte[] read(String key) throws IOException {
      operation();
      return inner.read(key);
    }

    @Override
    public void put(String key, byte[] body, String contentType) throws IOException {
      operation();
      inner.put(key, body, contentType);
      operation();
    }
  }
}
