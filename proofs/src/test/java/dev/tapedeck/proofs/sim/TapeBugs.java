package dev.tapedeck.proofs.sim;

import dev.tapedeck.media.core.record.Pressure;
import dev.tapedeck.media.core.record.Slab;
import dev.tapedeck.media.core.record.SlabSink;
import dev.tapedeck.media.core.record.TapeMessage;
import dev.tapedeck.media.io.spool.CredulousDisk;
import dev.tapedeck.media.io.spool.SimDisk;
import dev.tapedeck.protocol.chunk.ChunkHeader;
import dev.tapedeck.protocol.chunk.EntryCursor;
import dev.tapedeck.protocol.chunk.EntryKind;
import dev.tapedeck.protocol.chunk.GapEntry;
import dev.tapedeck.protocol.wire.TapeClosed;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Mistakes of disk and tape. */
final class TapeBugs {
  private TapeBugs() {}

  /** Bytes are never forced. */
  static final class SkippedForce extends PlantedBug {
    @Override
    SimDisk disk(RandomGenerator random) {
      return new SimDisk(random) {
        @Override
        protected int durableBytesAfterForce(int writtenBytes, int durableBytes) {
          return durableBytes;
        }
      };
    }
  }

  /** The folder is never forced, so new files have no name that lasts. */
  static final class SkippedForceOfNames extends PlantedBug {
    @Override
    SimDisk disk(RandomGenerator random) {
      return new SimDisk(random) {
        @Override
        public void forceNames() {}
      };
    }
  }

  /** Whatever lies at the end of a segment is taken for what was written. */
  static final class TornTailAccepted extends PlantedBug {
    @Override
    SimDisk disk(RandomGenerator random) {
      return new CredulousDisk(random);
    }
  }

  /** The tape closes without a word of what it had no room for. */
  static final class QueueGapNotTold extends PlantedBug {
    @Override
    SlabSink tapes(SlabSink sink) {
      return new Passing(sink) {
        @Override
        public void offer(TapeMessage message) {
          super.offer(switch (message) {
            case TapeMessage.ChunkEnded ended ->
                new TapeMessage.ChunkEnded(ended.tape(), ended.chunk(), without(ended.soFar()));
            case TapeMessage.TapeEnded ended -> new TapeMessage.TapeEnded(ended.tape(), without(ended.closed()));
            default -> message;
          });
        }
      };
    }

    private static TapeClosed without(TapeClosed closed) {
      return closed.toBuilder().clearGaps().addAllGaps(closed.getGapsList().stream()
          .filter(gap -> !gap.getCause().equals(GapEntry.QUEUE)).toList()).build();
    }
  }

  /** The last packet of each slab is taped twice. */
  static final class PacketTapedTwice extends PlantedBug {
    @Override
    SlabSink tapes(SlabSink sink) {
      return new Passing(sink) {
        @Override
        public void offer(TapeMessage message) {
          if (message instanceof Slab slab) {
            repeatLastPacket(slab);
          }
          super.offer(message);
        }
      };
    }

    private static void repeatLastPacket(Slab slab) {
      int from = slab.sequence() > 0 ? 0 : headerBytes(slab);
      EntryCursor cursor = new EntryCursor(slab.memory(), from, slab.bytes());
      long begin = 0;
      long end = 0;
      while (cursor.next()) {
        if (cursor.kind() == EntryKind.RTP) {
          begin = cursor.offset();
          end = cursor.end();
        }
      }
      if (slab.bytes() + end - begin <= slab.memory().byteSize()) {
        MemorySegment.copy(slab.memory(), begin, slab.memory(), slab.bytes(), end - begin);
        slab.fill(slab.tape(), slab.chunk(), slab.sequence(), (int) (slab.bytes() + end - begin));
      }
    }

    private static int headerBytes(Slab slab) {
      byte[] bytes = new byte[slab.bytes()];
      MemorySegment.copy(slab.memory(), 0, MemorySegment.ofArray(bytes), 0, bytes.length);
      return ChunkHeader.read(bytes).map(header -> header.toBytes().length).orElse(0);
    }
  }

  /** The close overtakes the end of the last chunk. */
  static final class CloseBeforeLastChunk extends PlantedBug {
    @Override
    SlabSink tapes(SlabSink sink) {
      return new Passing(sink) {
        private Optional<TapeMessage> held = Optional.empty();

        @Override
        public void offer(TapeMessage message) {
          if (message instanceof TapeMessage.TapeEnded) {
            super.offer(message);
            release();
            return;
          }
          release();
          if (message instanceof TapeMessage.ChunkEnded) {
            held = Optional.of(message);
          } else {
            super.offer(message);
          }
        }

        private void release() {
          held.ifPresent(super::offer);
          held = Optional.empty();
        }
      };
    }
  }

  /** Hands everything on. */
  private static class Passing implements SlabSink {
    private final SlabSink inner;

    Passing(SlabSink inner) {
      this.inner = inner;
    }

    @Override
    public Slab take() {
      return inner.take();
    }

    @Override
    public Pressure pressure() {
      return inner.pressure();
    }

    @Override
    public void offer(TapeMessage message) {
      inner.offer(message);
    }
  }
}
