package dev.tapedeck.proofs.sim;

import dev.tapedeck.connector.io.objects.ObjectStore;
import dev.tapedeck.connector.io.objects.RecordedObjects;
import dev.tapedeck.connector.io.store.Database;
import dev.tapedeck.media.core.record.SlabSink;
import dev.tapedeck.media.io.spool.SpoolEvents;
import dev.tapedeck.protocol.chunk.GapEntry;
import dev.tapedeck.protocol.wire.ChunkSealed;
import dev.tapedeck.protocol.wire.RecordingClosed;
import dev.tapedeck.protocol.wire.RecordingInterrupted;
import dev.tapedeck.protocol.wire.TapeClosed;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Mistakes in what is told, and in what the connector makes of it. */
final class LedgerBugs {
  private LedgerBugs() {}

  /** Recovery closes tapes as if nothing had happened. */
  static final class CrashGapMissing extends PlantedBug {
    @Override
    SpoolEvents events(SpoolEvents events) {
      return new PassingEvents(events) {
        @Override
        public void tapeClosed(TapeClosed event, Runnable whenStored) {
          super.tapeClosed(event.toBuilder().clearGaps().addAllGaps(event.getGapsList().stream()
              .filter(gap -> !gap.getCause().equals(GapEntry.CRASH)).toList()).setEnd(TapeClosed.End.LEFT).build(),
              whenStored);
        }
      };
    }
  }

  /** Chunks that recovery finds are not promised again. */
  static final class PromiseForgottenAtRestart extends PlantedBug {
    private boolean isRecovering;

    @Override
    SpoolEvents events(SpoolEvents events) {
      isRecovering = true;
      return new PassingEvents(events) {
        @Override
        public void chunkSealed(ChunkSealed event, Runnable whenStored) {
          if (isRecovering) {
            whenStored.run();
          } else {
            super.chunkSealed(event, whenStored);
          }
        }
      };
    }

    @Override
    SlabSink tapes(SlabSink sink) {
      isRecovering = false;
      return sink;
    }
  }

  /** The spool takes an event for stored as soon as it is told. */
  static final class AcknowledgementNotAwaited extends PlantedBug {
    @Override
    SpoolEvents events(SpoolEvents events) {
      return new PassingEvents(events) {
        @Override
        public void chunkSealed(ChunkSealed event, Runnable whenStored) {
          super.chunkSealed(event, () -> { });
          whenStored.run();
        }

        @Override
        public void tapeClosed(TapeClosed event, Runnable whenStored) {
          super.tapeClosed(event, () -> { });
          whenStored.run();
        }

        @Override
        public void recordingClosed(RecordingClosed event, Runnable whenStored) {
          super.recordingClosed(event, () -> { });
          whenStored.run();
        }
      };
    }
  }

  /** A recording that went on in another process does not say so. */
  static final class InterruptionKeptQuiet extends PlantedBug {
    @Override
    SpoolEvents events(SpoolEvents events) {
      return new PassingEvents(events) {
        @Override
        public void recordingInterrupted(RecordingInterrupted event) {
          super.recordingInterrupted(event.toBuilder().clearInterruptions().build());
        }

        @Override
        public void recordingClosed(RecordingClosed event, Runnable whenStored) {
          super.recordingClosed(event.toBuilder().clearInterruptions().build(), whenStored);
        }
      };
    }
  }

  /** The connector believes what was promised instead of looking at the object. */
  static final class VerifiedWithoutLooking extends PlantedBug {
    @Override
    RecordedObjects objects(RecordedObjects objects) {
      return new RememberingObjects(objects) {
        @Override
        public Optional<ObjectStore.Seen> head(String key) throws IOException {
          Optional<ObjectStore.Seen> promised = promised(key);
          return promised.isPresent() ? promised : super.head(key);
        }
      };
    }
  }

  /** The connector looks at the length only. */
  static final class ChecksumIgnored extends PlantedBug {
    @Override
    RecordedObjects objects(RecordedObjects objects) {
      return new RememberingObjects(objects) {
        @Override
        public Optional<ObjectStore.Seen> head(String key) throws IOException {
          Optional<ObjectStore.Seen> seen = super.head(key);
          return promised(key).isEmpty() ? seen : seen.map(object ->
              new ObjectStore.Seen(object.bytes(), object.etag(), promised(key).orElseThrow().sha256()));
        }
      };
    }
  }

  /** A later manifest is written and nobody is told. */
  static final class AmendedNeverFired extends PlantedBug {
    @Override
    void plant(Database database) {
      database.run(handle -> handle.execute("""
          CREATE TRIGGER planted AFTER INSERT ON event WHEN NEW.kind = 'record.amended'
          BEGIN DELETE FROM event WHERE id = NEW.id; END"""));
    }

    @Override
    void remove(Database database) {
      database.run(handle -> handle.execute("DROP TRIGGER planted"));
    }
  }

  /** The verdict is told twice. */
  static final class FinalizedTwice extends PlantedBug {
    @Override
    void plant(Database database) {
      database.run(handle -> handle.execute("""
          CREATE TRIGGER planted AFTER INSERT ON event WHEN NEW.kind = 'record.finalized'
          BEGIN INSERT INTO event (app, room, kind, body, created_ms)
            VALUES (NEW.app, NEW.room, NEW.kind, NEW.body, NEW.created_ms); END"""));
    }

    @Override
    void remove(Database database) {
      database.run(handle -> handle.execute("DROP TRIGGER planted"));
    }
  }

  /** Knows what each signed upload was to bring. */
  private static class RememberingObjects implements RecordedObjects {
    private final RecordedObjects inner;
    private final Map<String, ObjectStore.Seen> promised = new HashMap<>();

    RememberingObjects(RecordedObjects inner) {
      this.inner = inner;
    }

    Optional<ObjectStore.Seen> promised(String key) {
      return Optional.ofNullable(promised.get(key));
    }

    @Override
    public ObjectStore.Upload presignPut(String key, long bytes, byte[] sha256, Duration validity) {
      promised.put(key, new ObjectStore.Seen(bytes, "\"promised\"", Optional.of(SimStore.hex(sha256))));
      return inner.presignPut(key, bytes, sha256, validity);
    }

    @Override
    public Optional<ObjectStore.Seen> head(String key) throws IOException {
      return inner.head(key);
    }

    @Override
    public String hash(String key) throws IOException {
      return inner.hash(key);
    }

    @Override
    public byte[] read(String key) throws IOException {
      return inner.read(key);
    }

    @Override
    public void put(String key, byte[] body, String contentType) throws IOException {
      inner.put(key, body, contentType);
    }
  }
}
