package dev.tapedeck.media.core.record;

/**
 * How much a tape gathers before it hands over.
 *
 * @param slabBytes     memory of one slab. Default 128 KiB, 16 KiB..1 MiB
 * @param slabAgeNanos  a slab is handed over at this age, full or not. Default 400 ms
 * @param chunkBytes    a chunk is closed before it outgrows this, index and end mark not counted. Default 8 MiB, at
 *                      least two slabs, at most 1 GiB
 * @param chunkAgeNanos a chunk is closed at this age. Default 10 s, not below the slab's
 */
public record RecordLimits(int slabBytes, long slabAgeNanos, int chunkBytes, long chunkAgeNanos) {
  public static final RecordLimits DEFAULT = new RecordLimits(128 << 10, 400_000_000L, 8 << 20, 10_000_000_000L);

  public RecordLimits {
    require(slabBytes >= 16 << 10 && slabBytes <= 1 << 20, "slab of " + slabBytes + " bytes is not in 16 KiB..1 MiB");
    require(slabAgeNanos > 0, "slab age must be positive, not " + slabAgeNanos + " ns");
    require(chunkBytes >= 2 * slabBytes && chunkBytes <= 1 << 30,
        "chunk of " + chunkBytes + " bytes is not in two slabs..1 GiB");
    require(chunkAgeNanos >= slabAgeNanos, "chunk age of " + chunkAgeNanos + " ns is below the slab's");
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
