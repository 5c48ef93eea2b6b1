package dev.tapedeck.media.core.record;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** A spool that keeps the bytes of each chunk and every message, and can run out of slabs. */
final class CollectingSink implements SlabSink {
  final TreeMap<Integer, ByteArrayOutputStream> chunks = new TreeMap<>();
  final List<Integer> slabBytes = new ArrayList<>();
  final List<TapeMessage> messages = new ArrayList<>();
  boolean hasSlabs = true;

  private final int slabCapacity;

  CollectingSink(int slabCapacity) {
    this.slabCapacity = slabCapacity;
  }

  @Override
  public Slab take() {
    return hasSlabs ? new Slab(ByteBuffer.allocateDirect(slabCapacity)) : null;
  }

  @Override
  public void offer(TapeMessage message) {
    if (message instanceof Slab slab) {
      byte[] bytes = new byte[slab.bytes()];
      slab.view().limit(slab.bytes()).position(0).get(bytes);
      chunks.computeIfAbsent(slab.chunk(), index -> new ByteArrayOutputStream()).writeBytes(bytes);
      slabBytes.add(bytes.length);
    } else {
      messages.add(message);
    }
  }

  byte[] chunk(int index) {
    return chunks.get(index).toByteArray();
  }
}
