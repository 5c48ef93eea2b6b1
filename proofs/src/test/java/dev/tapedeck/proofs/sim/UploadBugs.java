package dev.tapedeck.proofs.sim;

import dev.tapedeck.media.io.spool.ObjectPut;
import dev.tapedeck.media.io.spool.PresignedPut;
import dev.tapedeck.media.io.spool.SpoolConfig;
import dev.tapedeck.media.io.spool.SpoolEvents;
import dev.tapedeck.media.io.spool.UploadLink;
import dev.tapedeck.protocol.wire.ChunkSealed;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Mistakes on the way from spool to store. */
final class UploadBugs {
  private UploadBugs() {}

  /** What failed once is never tried again. */
  static final class DroppedRetry extends PlantedBug {
    @Override
    SpoolConfig config(SpoolConfig config) {
      return new SpoolConfig(config.durability(), config.commitInterval(), config.slabBytes(),
          config.slabMemoryBytes(), config.memoryBudgetBytes(), config.diskBudgetBytes(), config.segmentBytes(),
          config.uploads(), config.uploadTimeout(), Duration.ofDays(9_999), Duration.ofDays(9_999));
    }
  }

  /** The store's yes is enough to delete a chunk; the connector is not asked whether it has seen the object. */
  static final class EarlyDelete extends PlantedBug {
    @Override
    UploadLink link(UploadLink link) {
      return new PassingLink(link) {
        @Override
        public void confirmStored(ChunkSealed chunk) {}
      };
    }
  }

  /** A refusal counts as done. */
  static final class SwallowedRefusal extends PlantedBug {
    private boolean wasRefused;

    @Override
    ObjectPut put(ObjectPut store) {
      return new PassingPut(store) {
        @Override
        public void put(PresignedPut target, byte[] body) throws IOException, InterruptedException {
          wasRefused = false;
          try {
            super.put(target, body);
          } catch (IOException e) {
            wasRefused = e.getMessage().startsWith("403");
            if (!wasRefused) {
              throw e;
            }
          }
        }
      };
    }

    @Override
    UploadLink link(UploadLink link) {
      return new PassingLink(link) {
        @Override
        public void confirmStored(ChunkSealed chunk) throws IOException, InterruptedException {
          if (!wasRefused) {
            super.confirmStored(chunk);
          }
        }
      };
    }
  }

  /** Chunks are counted from one in what is told, from zero in what is written. */
  static final class WrongIndex extends PlantedBug {
    @Override
    SpoolEvents events(SpoolEvents events) {
      return new PassingEvents(events) {
        @Override
        public void chunkSealed(ChunkSealed event, Runnable whenStored) {
          super.chunkSealed(moved(event, 1), whenStored);
        }
      };
    }

    @Override
    UploadLink link(UploadLink link) {
      return new PassingLink(link) {
        @Override
        public Optional<PresignedPut> requestUrl(ChunkSealed chunk) throws IOException, InterruptedException {
          return super.requestUrl(moved(chunk, 1));
        }

        @Override
        public void confirmStored(ChunkSealed chunk) throws IOException, InterruptedException {
          super.confirmStored(moved(chunk, 1));
        }
      };
    }
  }

  /** When the answer to a PUT is lost, the chunk is stored a second time, in another place. */
  static final class DoubleStore extends PlantedBug {
    private static final int ELSEWHERE = 1_000;

    private final Set<String> unanswered = new HashSet<>();
    private ChunkSealed current;
    private SpoolEvents events;

    @Override
    SpoolEvents events(SpoolEvents events) {
      this.events = events;
      return events;
    }

    @Override
    ObjectPut put(ObjectPut store) {
      return new PassingPut(store) {
        @Override
        public void put(PresignedPut target, byte[] body) throws IOException, InterruptedException {
          ChunkSealed chunk = current;
          try {
            super.put(target, body);
          } catch (IOException e) {
            if (e.getMessage().equals("connection reset")) {
              unanswered.add(chunk.getKey());
            }
            throw e;
          }
        }
      };
    }

    @Override
    UploadLink link(UploadLink link) {
      return new PassingLink(link) {
        @Override
        public Optional<PresignedPut> requestUrl(ChunkSealed chunk) throws IOException, InterruptedException {
          current = chunk;
          if (!unanswered.contains(chunk.getKey())) {
            return super.requestUrl(chunk);
          }
          super.confirmStored(chunk);
          ChunkSealed second = moved(chunk, ELSEWHERE);
          events.chunkSealed(second, () -> { });
          return super.requestUrl(second);
        }

        @Override
        public void confirmStored(ChunkSealed chunk) throws IOException, InterruptedException {
          super.confirmStored(unanswered.contains(chunk.getKey()) ? moved(chunk, ELSEWHERE) : chunk);
        }
      };
    }
  }

  private static ChunkSealed moved(ChunkSealed chunk, int by) {
    return chunk.toBuilder().setIndex(chunk.getIndex() + by).build();
  }

  private static class PassingLink implements UploadLink {
    private final UploadLink inner;

    PassingLink(UploadLink inner) {
      this.inner = inner;
    }

    @Override
    public Optional<PresignedPut> requestUrl(ChunkSealed chunk) throws IOException, InterruptedException {
      return inner.requestUrl(chunk);
    }

    @Override
    public void confirmStored(ChunkSealed chunk) throws IOException, InterruptedException {
      inner.confirmStored(chunk);
    }
  }

  private static class PassingPut implements ObjectPut {
    private final ObjectPut inner;

    PassingPut(ObjectPut inner) {
      this.inner = inner;
    }

    @Override
    public void put(PresignedPut target, byte[] body) throws IOException, InterruptedException {
      inner.put(target, body);
    }

    @Override
    public void close() {
      inner.close();
    }
  }
}
