package dev.tapedeck.composer.core.frame;

import dev.tapedeck.protocol.codec.FrameSize;
import dev.tapedeck.protocol.codec.Vp9Payload;
import java.lang.foreign.MemorySegment;

/**
 * VP9 payloads (RFC 9628). All spatial layers of a picture become one superframe (VP9 bitstream specification, annex
 * B), which a decoder turns into one picture of the highest layer.
 */
final class Vp9Format implements PayloadFormat {
  private static final int MAX_LAYERS = 8;
  private static final int SUPERFRAME_SIZE_BYTES = 4;

  private final int[] layerEnds = new int[MAX_LAYERS];
  private int layers;
  private boolean isInLayer;
  private boolean isPredicted;
  private int structureSize = FrameSize.UNKNOWN;
  private int pictureId = Vp9Payload.NONE;

  @Override
  public void beginFrame() {
    layers = 0;
    isInLayer = false;
    isPredicted = false;
  }

  @Override
  public boolean startsFrame(MemorySegment memory, long offset, int length) {
    return Vp9Payload.descriptorBytes(memory, offset, length) != Vp9Payload.NONE
        && Vp9Payload.startsFrame(memory, offset)
        && Vp9Payload.sid(memory, offset) <= 0;
  }

  @Override
  public boolean followsLastPicture(MemorySegment memory, long offset, int length) {
    if (pictureId == Vp9Payload.NONE || Vp9Payload.descriptorBytes(memory, offset, length) == Vp9Payload.NONE) {
      return false;
    }
    int bits = Vp9Payload.pictureIdBits(memory, offset);
    return bits > 0 && Vp9Payload.pictureId(memory, offset) == (pictureId + 1 & (1 << bits) - 1);
  }

  @Override
  public boolean append(MemorySegment memory, long offset, int length, FrameBuffer frame) {
    int descriptorBytes = Vp9Payload.descriptorBytes(memory, offset, length);
    if (descriptorBytes == Vp9Payload.NONE || descriptorBytes == length || layers == MAX_LAYERS
        || Vp9Payload.startsFrame(memory, offset) == isInLayer) {
      return false;
    }
    if (layers == 0 && !isInLayer) {
      isPredicted = Vp9Payload.isInterPicturePredicted(memory, offset);
      pictureId = Vp9Payload.pictureId(memory, offset);
    }
    int size = Vp9Payload.frameSize(memory, offset, length);
    structureSize = size == FrameSize.UNKNOWN ? structureSize : size;
    frame.put(memory, offset + descriptorBytes, length - descriptorBytes);
    isInLayer = !Vp9Payload.endsFrame(memory, offset);
    if (!isInLayer) {
      layerEnds[layers++] = frame.length();
    }
    return true;
  }

  @Override
  public Finish finish(FrameBuffer frame) {
    if (isInLayer || layers == 0) {
      return Finish.UNDECODABLE;
    }
    Vp9Header header = Vp9Header.parse(frame.copy(0, Math.min(layerEnds[0], Vp9Header.MAX_BYTES)));
    if (layers > 1) {
      putSuperframeIndex(frame);
    }
    boolean isScalable = layers > 1 && structureSize != FrameSize.UNKNOWN;
    int width = isScalable ? FrameSize.width(structureSize) : header.width();
    int height = isScalable ? FrameSize.height(structureSize) : header.height();
    return isPredicted || !header.isKeyFrame() ? Finish.delta(width, height) : Finish.key(width, height);
  }

  /**
   * <pre>
   * | 110 | bytes per size - 1 : 2 | frames - 1 : 3 | size of each frame, little-endian ... | first byte again |
   * </pre>
   */
  private void putSuperframeIndex(FrameBuffer frame) {
    int marker = 0xC0 | (SUPERFRAME_SIZE_BYTES - 1) << 3 | layers - 1;
    frame.put(marker);
    int from = 0;
    for (int layer = 0; layer < layers; layer++) {
      for (int shift = 0; shift < 8 * SUPERFRAME_SIZE_BYTES; shift += 8) {
        frame.put(layerEnds[layer] - from >> shift);
      }
      from = layerEnds[layer];
    }
    frame.put(marker);
  }
}
